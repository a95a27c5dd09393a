/**
 * The JobStore: Quartz's tables, driven in sets. The only SQL on QRTZ_ tables, one class per step:
 * {@code FireDue} (acquire and fire in one transaction), {@code Complete}, {@code HandBack}, with
 * {@code Transactions} around them and {@code *Rows} below them; {@code SlowPath} gives the rest to
 * Quartz's own code, in the same transactions. Every transaction takes the one lock row first, so
 * the steps, the inherited operations of Quartz and a stock node exclude each other. Our own rows
 * (job, execution) join these transactions through {@link io.carillon.execution.StoreParticipant}
 * and can never disagree with Quartz's. The fence is a FIRED row found by execution id, instance
 * name and firing time; instance names change with every new lease.
 */
@NullMarked
package io.carillon.quartz.store;

import org.jspecify.annotations.NullMarked;
