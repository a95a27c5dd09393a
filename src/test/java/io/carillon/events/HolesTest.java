package io.carillon.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HolesTest {
  private static final long SECOND = 1_000_000_000L;
  private final Holes holes = new Holes(Duration.ofSeconds(15), 10);

  @Test
  void ids_in_a_row_leave_nothing_open() {
    assertThat(holes.read(11, 0)).isTrue();
    assertThat(holes.read(12, 0)).isTrue();

    assertThat(holes.after()).isEqualTo(12);
    assertThat(holes.settled()).isEqualTo(12);
    assertThat(holes.open()).isEmpty();
  }

  @Test
  void an_id_that_is_committed_late_is_taken_once_and_settles_what_lies_behind_it() {
    holes.read(11, 0);
    holes.read(15, 0);

    assertThat(holes.settled()).isEqualTo(11);
    assertThat(holes.read(13, SECOND)).isTrue();
    assertThat(holes.read(13, SECOND)).isFalse();
    assertThat(ranges()).containsExactly("12-12", "14-14");
    assertThat(holes.read(12, SECOND)).isTrue();
    assertThat(holes.settled()).isEqualTo(13);
    assertThat(holes.read(14, SECOND)).isTrue();
    assertThat(holes.settled()).isEqualTo(15);
  }

  @Test
  void what_was_rolled_back_is_given_up_after_its_time() {
    holes.read(20, 0);
    holes.read(30, 10 * SECOND);

    holes.giveUp(15 * SECOND - 1);
    assertThat(ranges()).containsExactly("11-19", "21-29");
    holes.giveUp(15 * SECOND);
    assertThat(ranges()).containsExactly("21-29");
    assertThat(holes.settled()).isEqualTo(20);
    assertThat(holes.read(15, 16 * SECOND)).as("too late").isFalse();
  }

  @Test
  void part_of_a_late_batch_keeps_the_age_of_the_whole() {
    holes.read(20, 0);
    holes.read(15, 14 * SECOND);

    holes.giveUp(15 * SECOND);

    assertThat(holes.open()).isEmpty();
  }

  @Test
  void no_more_holes_are_watched_than_a_statement_can_name() {
    for (long id = 12; id < 12 + 4L * Holes.MOST; id += 2) {
      holes.read(id, 0);
    }

    assertThat(holes.open()).hasSize(Holes.MOST);
    assertThat(holes.settled()).isGreaterThan(10);
  }

  @Test
  void in_whatever_order_ids_appear_each_is_taken_once_and_none_is_lost() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Long> order = new ArrayList<>();
      for (long id = 11; id <= 60; id++) {
        order.add(id);
      }
      Collections.shuffle(order, random);
      Holes any = new Holes(Duration.ofSeconds(15), 10);
      List<Long> seen = new ArrayList<>();
      long settled = 10;
      for (long id : order) {
        assertThat(any.read(id, 0)).as("%d of %s", id, order).isTrue();
        seen.add(id);
        assertThat(any.settled()).isGreaterThanOrEqualTo(settled);
        settled = any.settled();
        for (long below = 11; below <= settled; below++) {
          assertThat(seen).contains(below);
        }
      }
      assertThat(any.settled()).isEqualTo(60);
    }
  }

  private List<String> ranges() {
    return holes.open().stream().map(hole -> hole.from() + "-" + hole.to()).toList();
  }
}
