package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.quartz.store.DueLook.Look;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a node looks and fires, in a flow of which it takes a part. */
class LookPaceTest {
  private static final Look NOTHING_HELD = new Look(0L, null, 1, 0);

  /** When the node fired last, by the clock. */
  private static final long FIRED = 1_000_000;

  private final LookPace pace = new LookPace();
  private final long begin = System.nanoTime();

  private void fired(int batch) {
    pace.fired(batch, begin, FIRED, NOTHING_HELD);
  }

  /** For how many milliseconds what is due is left; 0 if it is fired. */
  private long leftFor(long nowMillis, Look look) {
    return pace.leaves(begin, nowMillis, look, false) ? pace.early(begin) : 0;
  }

  private static Look due(long since) {
    return new Look(since, null, 3, 0);
  }

  @Test
  void begins_with_a_look_and_waits_for_nothing() {
    assertThat(pace.early(System.nanoTime())).isNotPositive();
    assertThat(leftFor(FIRED, due(FIRED - 1))).isNotPositive();
  }

  @Test
  void looks_again_after_40_ms_or_after_20_behind_a_batch_of_50() {
    fired(49);
    assertThat(pace.early(begin)).isEqualTo(40);
    assertThat(pace.early(begin + 41_000_000)).isNotPositive();
    fired(50);
    assertThat(pace.early(begin)).isEqualTo(20);
  }

  @Test
  void meets_what_is_held_in_time() {
    pace.fired(1, begin, FIRED, new Look(0L, 7L, 1, 0));
    assertThat(pace.early(begin)).isEqualTo(7);
    pace.fired(1, begin, FIRED, new Look(0L, 70L, 1, 0));
    assertThat(pace.early(begin)).isEqualTo(40);
    pace.hurry();
    assertThat(pace.early(System.nanoTime())).isNotPositive();
  }

  @Test
  void
      leaves_what_is_due_to_several_nodes_until_it_is_30_ms_old_and_longer_if_it_is_not_its_turn() {
    fired(10);
    long due = FIRED + 20; // divides by five
    List<Long> waits =
        IntStream.range(0, 5)
            .mapToObj(place -> leftFor(due + 2, new Look(due, null, 5, place)))
            .toList();
    assertThat(waits).containsExactly(28L, 42L, 56L, 56L, 56L);
    assertThat(leftFor(due + 29, new Look(due, null, 5, 0))).isEqualTo(1);
    assertThat(leftFor(due + 30, new Look(due, null, 5, 0))).isZero();
  }

  @Test
  void gives_the_first_turn_to_each_node() {
    fired(10);
    IntStream.range(0, 30)
        .forEach(
            n ->
                assertThat(
                        IntStream.range(0, 3)
                            .mapToObj(
                                place -> leftFor(FIRED + n, new Look(FIRED + n, null, 3, place))))
                    .containsExactlyInAnyOrder(30L, 44L, 58L));
    assertThat(
            IntStream.range(0, 3)
                .mapToObj(n -> leftFor(FIRED + n, new Look(FIRED + n, null, 3, 1))))
        .containsExactlyInAnyOrder(30L, 44L, 58L);
  }

  @Test
  void fires_at_once_where_it_is_the_only_node() {
    fired(10);
    assertThat(leftFor(FIRED + 41, new Look(FIRED + 40, null, 1, 0))).isNotPositive();
    assertThat(pace.ripeMillis()).isZero();
  }

  @Test
  void takes_nothing_younger_while_it_gathers() {
    fired(10);
    leftFor(FIRED + 41, due(FIRED + 10));
    assertThat(pace.ripeMillis()).isEqualTo(30);
    leftFor(FIRED + 141, due(FIRED + 140));
    assertThat(pace.ripeMillis()).isZero();
  }

  @Test
  void fires_at_once_where_little_comes() {
    fired(3);
    assertThat(leftFor(FIRED + 41, due(FIRED + 40))).isNotPositive();
  }

  @Test
  void fires_at_once_what_comes_after_a_lull() {
    fired(100);
    assertThat(leftFor(FIRED + 51, due(FIRED + 51))).isNotPositive();
    assertThat(leftFor(FIRED + 52, due(FIRED + 52))).isPositive();
  }

  @Test
  void fires_at_once_behind_something_held() {
    fired(100);
    pace.hurry();
    assertThat(leftFor(FIRED + 22, due(FIRED + 20))).isNotPositive();
  }

  @Test
  void looks_in_a_flow_from_where_something_was_found_but_ten_times_a_second_from_the_beginning() {
    fired(10);
    assertThat(pace.lookFrom(FIRED)).isZero();
    leftFor(FIRED + 10, due(FIRED + 9));
    assertThat(pace.lookFrom(FIRED + 20)).isEqualTo(FIRED + 9);
    leftFor(FIRED + 50, due(FIRED + 45));
    assertThat(pace.lookFrom(FIRED + 99)).isEqualTo(FIRED + 45);
    assertThat(pace.lookFrom(FIRED + 100)).isZero();
    assertThat(pace.lookFrom(FIRED + 101)).isEqualTo(FIRED + 45);
  }

  @Test
  void looks_from_the_beginning_while_nothing_is_due() {
    fired(10);
    pace.lookFrom(FIRED);
    leftFor(FIRED + 10, due(FIRED + 9));
    leftFor(FIRED + 20, due(FIRED + 21));
    assertThat(pace.lookFrom(FIRED + 22)).isZero();
    leftFor(FIRED + 200, due(FIRED + 199));
    assertThat(pace.lookFrom(FIRED + 201)).isZero();
  }
}
