/**
 * Circuit breakers of target hosts, shared by the cluster. Each process counts in memory how its
 * calls end ({@link io.carillon.breaker.HostTallies}) and writes what it counted into a row of its
 * own, in the transaction that records a failed call; the one whose failure crosses the line opens
 * the breaker in that transaction ({@link io.carillon.breaker.Judge}, {@link
 * io.carillon.breaker.Window}). From that commit on whoever fires sees the host as shut ({@link
 * io.carillon.breaker.Gates}); what was fired before and not begun is stopped by a picture of all
 * open breakers that every node takes twice a second ({@link io.carillon.breaker.Watch}). Hosts
 * that do not fail cost no statement. {@link io.carillon.breaker.CircuitBreakers} puts the pieces
 * together.
 */
@NullMarked
package io.carillon.breaker;

import org.jspecify.annotations.NullMarked;
