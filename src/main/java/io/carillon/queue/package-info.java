/**
 * Queues: lanes that jobs are planned in, with what was said of them. A queue's row is what counts
 * when something of it comes due: the store reads it in the transaction that fires, so a pause
 * holds from its commit on, for everything that is stored before and after. {@link
 * io.carillon.queue.QueueTable} has the SQL on table {@code queue}; the store calls it inside its
 * own transactions through a port in {@code execution}. What limits executions is there as well: a
 * lane for each limit, what is held in it, and permits of what runs in it ({@link
 * io.carillon.execution.LaneRows}).
 */
@NullMarked
package io.carillon.queue;

import org.jspecify.annotations.NullMarked;
