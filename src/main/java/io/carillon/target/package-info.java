/**
 * Outbound calls: what happens when a job's target is an HTTP URL, a log line or nothing. {@link
 * io.carillon.target.Targets} is the door; it makes each call in the thread of its caller and
 * answers with an outcome, whatever the target does. {@link io.carillon.target.EgressPolicy} says
 * which addresses may be reached, and four layers hold to it: {@link
 * io.carillon.target.SubmissionRules} when a job is submitted (and again before each call), {@code
 * GuardedDns} for every answer of the resolver, {@code GuardedSocketFactory} for the address that
 * is really connected to (the one that counts), and a client that knows no proxy. This is the only
 * package that knows OkHttp.
 */
@NullMarked
package io.carillon.target;

import org.jspecify.annotations.NullMarked;
