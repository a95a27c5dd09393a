/**
 * The test harness: it runs the real jar as processes, gives it targets to call, breaks its
 * network, and judges what happened.
 *
 * <p>{@link io.carillon.harness.NodeProcess} is one server in a JVM of its own, {@link
 * io.carillon.harness.TargetServer} is what the server calls, and each call that arrives is written
 * to a {@link io.carillon.harness.Ledger}. {@link io.carillon.harness.Submitter} creates jobs and
 * remembers what was promised. {@link io.carillon.harness.Auditor} compares promise and ledger: the
 * ledger decides, never the server's own figures. {@link io.carillon.harness.ChaosProxy} stands
 * between a node and its database where a test wants it to be slow or gone. Everything binds to
 * loopback only, every wait has a limit, and closing ends every process and thread started here.
 */
@NullMarked
package io.carillon.harness;

import org.jspecify.annotations.NullMarked;
