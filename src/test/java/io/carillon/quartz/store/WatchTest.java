package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.quartz.store.NodeRows.Sign;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final long BEGIN = seconds(-1);
  private final Watch watch = new Watch();

  @Test
  void a_node_is_dead_once_its_sign_has_not_changed_for_a_lease() {
    assertThat(watch.dead(signs(1_000), seconds(0), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(1_000), seconds(3.9), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(1_000), seconds(4), BEGIN)).containsExactly("a.1");
  }

  @Test
  void a_database_clock_that_is_set_makes_nobody_dead_and_keeps_nobody_alive() {
    assertThat(watch.dead(signs(1_000), seconds(0), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(3_600_000), seconds(1), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(-3_600_000), seconds(2), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(-3_600_000), seconds(6), BEGIN)).containsExactly("a.1");
  }

  @Test
  void silence_before_a_gap_of_the_observer_counts_for_nothing() {
    assertThat(watch.dead(signs(1_000), seconds(0), BEGIN)).isEmpty();
    assertThat(watch.dead(signs(1_000), seconds(9), seconds(8.5))).isEmpty();
    assertThat(watch.dead(signs(1_000), seconds(12.9), seconds(8.5))).isEmpty();
    assertThat(watch.dead(signs(1_000), seconds(13), seconds(8.5))).containsExactly("a.1");
  }

  @Test
  void a_sign_that_came_meanwhile_is_told_from_the_one_that_was_judged() {
    watch.dead(signs(1_000), seconds(0), BEGIN);

    assertThat(watch.isUnchanged(new Sign("a.1", 1_000, LEASE))).isTrue();
    assertThat(watch.isUnchanged(new Sign("a.1", 1_001, LEASE))).isFalse();
    assertThat(watch.isUnchanged(new Sign("b.1", 1_000, LEASE))).isFalse();
  }

  @Test
  void the_end_of_a_silence_is_known_before_it_comes() {
    watch.dead(signs(1_000), seconds(0), BEGIN);
    assertThat(watch.untilDeadNanos()).isEqualTo(Long.MAX_VALUE);

    watch.dead(signs(1_000), seconds(1.9), BEGIN);
    assertThat(watch.untilDeadNanos()).isEqualTo(Long.MAX_VALUE);

    watch.dead(signs(1_000), seconds(3.7), BEGIN);
    assertThat(watch.untilDeadNanos()).isEqualTo(seconds(4) - seconds(3.7));

    watch.dead(signs(2_000), seconds(3.9), BEGIN);
    assertThat(watch.untilDeadNanos()).isEqualTo(Long.MAX_VALUE);
  }

  private static List<Sign> signs(long renewedAt) {
    return List.of(new Sign("a.1", renewedAt, LEASE));
  }

  private static long seconds(double seconds) {
    return (long) (seconds * 1_000_000_000);
  }
}
