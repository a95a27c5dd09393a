package io.carillon.job;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key under which there shall be one job: what becomes of a create that finds another job under
 * its key. Read from the fields {@code dedup} and {@code dedupKey}; where a job has both, {@code
 * dedup} counts. Pure.
 *
 * @param key 1–255 characters
 * @param ttl how long the job keeps the key, finished or not; null: until it is finished. A
 *     cancelled job has let go of it.
 */
public record Dedup(String key, @Nullable Duration ttl, Mode mode) {
  /** What a create does that finds a job under its key. */
  public enum Mode {
    /** It is refused. The default. */
    REJECT,
    /** Its definition takes the place of the other's, if that has not started. */
    REPLACE,
    /** It answers with the other. */
    RETURN
  }

  private static final String FIELD = "dedup";
  private static final String SHORT_FIELD = "dedupKey";

  /** Empty if the job has no such key. */
  public static Optional<Dedup> of(Job job) {
    if (job.options().get(FIELD) instanceof Map<?, ?> dedup
        && dedup.get("key") instanceof String key) {
      Object mode = dedup.get("mode");
      return Optional.of(
          new Dedup(
              key,
              dedup.get("ttl") instanceof String ttl ? Lengths.read(ttl) : null,
              mode instanceof String word ? Mode.valueOf(word) : Mode.REJECT));
    }
    return job.options().get(SHORT_FIELD) instanceof String key
        ? Optional.of(new Dedup(key, null, Mode.REJECT))
        : Optional.empty();
  }
}
