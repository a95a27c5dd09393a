package io.carillon.cron;

import java.time.Instant;
import java.util.Optional;

/**
 * The planned instants of a schedule that repeats, in order, none twice; those that a clock change
 * passes over by the schedule's policy are told as well. Immutable, thread-safe; some microseconds
 * a call.
 */
@FunctionalInterface
public interface Rhythm {
  /** The first one strictly after an instant; empty if there is none within a hundred years. */
  Optional<Tick> next(Instant after);
}
