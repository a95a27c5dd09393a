package io.carillon.job;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Creates that shall become one run: each with the key of a job that still waits takes that job's
 * place and puts its run off. Read from the field {@code debounce}. Pure.
 *
 * @param key 1–255 characters
 * @param length from the last create to the run
 */
public record Debounce(String key, Duration length) {
  private static final String FIELD = "debounce";

  /** Empty if the job has no such key. */
  public static Optional<Debounce> of(Job job) {
    return of(job.options());
  }

  /** The same, of the fields that a job is made of. */
  public static Optional<Debounce> of(Map<String, Object> fields) {
    return fields.get(FIELD) instanceof Map<?, ?> debounce
            && debounce.get("key") instanceof String key
            && debounce.get("wait") instanceof String wait
        ? Optional.of(new Debounce(key, Lengths.read(wait)))
        : Optional.empty();
  }

  /**
   * The schedule of a job that has this: what would run at once, or after a delay, runs after the
   * wait. Other schedules say themselves when they run.
   */
  public Schedule schedule(Schedule given) {
    return isPutOff(given) ? new Schedule.Delay(length, given.limits()) : given;
  }

  /** Whether the wait decides when a schedule first runs. */
  public static boolean isPutOff(Schedule schedule) {
    return schedule instanceof Schedule.Now || schedule instanceof Schedule.Delay;
  }
}
