package io.carillon.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every kind of schedule can carry beside its rhythm.
 *
 * @param startAt nothing fires before it
 * @param endAt nothing fires after it; later than {@code startAt}
 * @param maxRuns most planned instants that fire, at least 1
 * @param jitter most by which a run is put off, drawn from job and instant
 * @param calendars names of exclusion calendars
 */
public record Limits(
    @Nullable Instant startAt,
    @Nullable Instant endAt,
    @Nullable Integer maxRuns,
    Duration jitter,
    List<String> calendars) {
  public static final Limits NONE = new Limits(null, null, null, Duration.ZERO, List.of());

  public Limits {
    calendars = List.copyOf(calendars);
    if (startAt != null && endAt != null && !endAt.isAfter(startAt)) {
      throw new IllegalArgumentException("endAt " + endAt + " is not after startAt " + startAt);
    }
    if (maxRuns != null && maxRuns < 1) {
      throw new IllegalArgumentException("maxRuns " + maxRuns);
    }
    if (jitter.isNegative()) {
      throw new IllegalArgumentException("jitter " + jitter);
    }
  }

  public static Limits between(@Nullable Instant startAt, @Nullable Instant endAt) {
    return new Limits(startAt, endAt, null, Duration.ZERO, List.of());
  }
}
