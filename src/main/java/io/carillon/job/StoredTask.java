package io.carillon.job;

import java.time.Instant;

/**
 * A task with what the store adds.
 *
 * @param version rises by one with each change, from 1
 */
public record StoredTask(Task task, long version, Instant createdAt, Instant updatedAt) {}
