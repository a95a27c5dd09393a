package io.carillon.execution;

import java.time.Instant;

/** An attempt that is over, on its way into the database. */
public record Completion(
    Firing firing, Outcome outcome, NextStep next, Instant startedAt, Instant finishedAt) {}
