package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.Need;
import io.carillon.execution.Pace;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many starts a lane grants to a loop that looks when it can. Times are microseconds. */
class DeskTest {
  private static final Lane LANE = Lane.queue("default", "q");
  private static final long SECOND = 1_000_000;
  private static final long LENGTH = 20 * SECOND;

  /** Starts within twenty seconds of a loop of which every fourth turn is late. */
  private static int starts(Pace pace, long late) {
    long begin = 1_000 * SECOND;
    long now = begin;
    long arrival = 0;
    int starts = 0;
    for (int turn = 0; now < begin + LENGTH; turn++) {
      Desk desk = new Desk(new Locked(LANE, arrival, 0, now / 1_000, now), null);
      int granted = desk.starts(pace, 1_000);
      for (int n = 0; n < granted; n++) {
        desk.take(new Need(LANE, null, pace), desk.earliest(pace));
      }
      starts += granted;
      desk.looked(granted, granted > 0);
      arrival = desk.written().arrival();
      long ready = Objects.requireNonNull(desk.written().readyAt()) * 1_000;
      now = Math.max(now, ready) + (turn % 4 == 3 ? late : SECOND / 50);
    }
    return starts;
  }

  @Test
  void a_loop_that_is_late_at_times_loses_no_slot() {
    assertThat(starts(Pace.of(50, Duration.ofSeconds(1), 1), SECOND / 4)).isBetween(990, 1_021);
  }

  @Test
  void no_more_is_granted_than_the_pace_allows() {
    assertThat(starts(Pace.of(500, Duration.ofSeconds(1), 1), SECOND / 50))
        .isBetween(9_900, 10_101);
  }
}
