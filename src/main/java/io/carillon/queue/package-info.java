/**
 * Queues: lanes that jobs are planned in, with what was said of them. A queue's row is what counts
 * when something of it comes due: the store reads it in the transaction that fires, so a pause
 * holds from its commit on, for everything that is stored before and after. {@link
 * io.carillon.queue.QueueTable} has the SQL on table {@code queue}; the store calls it inside its
 * own transactions through a port in {@code execution}. Limits are kept here and have no effect
 * yet.
 */
@NullMarked
package io.carillon.queue;

import org.jspecify.annotations.NullMarked;
