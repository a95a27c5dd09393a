/**
 * The catalogue of tasks in the table {@code task}: one row per task, its definition as JSON text
 * that a {@link io.carillon.task.TaskCodec} writes and reads. {@link io.carillon.task.StoredTasks}
 * is {@link io.carillon.job.Tasks} for the rest of the server. A change is one statement that names
 * the version it replaces, so two writers can never overwrite each other without knowing. Jobs do
 * not refer to rows of this table: they keep the target that was filled when they were made.
 */
@NullMarked
package io.carillon.task;

import org.jspecify.annotations.NullMarked;
