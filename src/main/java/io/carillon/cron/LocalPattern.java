package io.carillon.cron;

/**
 * Local times at which a schedule is meant to run, whatever the clocks of a zone do. Local times
 * are whole seconds since 1970-01-01T00:00 as if there were no zone. Immutable, thread-safe.
 */
interface LocalPattern {
  /** No local time within a hundred years. */
  long NEVER = Long.MAX_VALUE;

  /** The first local time strictly after another; {@link #NEVER} if there is none. */
  long next(long local);

  /**
   * Whether the times within a span of local time are part of a rhythm that is meant to go on in
   * real time, rather than fixed times of the day.
   *
   * @param from first local second of the span
   * @param length in seconds, at least 1
   */
  boolean repeats(long from, long length);
}
