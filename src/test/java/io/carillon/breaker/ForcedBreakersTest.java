package io.carillon.breaker;

import static io.carillon.breaker.BreakerRig.ok;
import static io.carillon.breaker.BreakerRig.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.breaker.BreakerRig.Node;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breaker.State;
import io.carillon.execution.Breakers;
import io.carillon.job.JobExceptions.StaleVersion;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ForcedBreakersTest {
  private static final String SHOP = "shop.example";

  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final BreakerRig rig = new BreakerRig(DATABASE);
  private final Node node = rig.node();

  private Breakers breakers() {
    return node.breakers.breakers();
  }

  private Breaker put(Force force) {
    return breakers().put(SHOP, force, OptionalLong.empty()).breaker();
  }

  @Test
  void one_that_is_kept_open_is_shut_for_good_and_has_no_probe() {
    assertThat(put(Force.OPEN).state()).isEqualTo(State.OPEN);
    rig.pass(Duration.ofHours(1));

    assertThat(node.shut().get(SHOP).probeAt()).isNull();
    assertThat(node.probe(SHOP)).isNull();
  }

  @Test
  void one_that_is_kept_open_stays_so_though_a_call_is_answered() {
    put(Force.OPEN);
    node.breakers.look();

    node.calls(SHOP, 1, ok());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.OPEN);
  }

  @Test
  void one_that_is_kept_closed_stays_so_whatever_fails() {
    put(Force.CLOSED);

    node.calls(SHOP, 30, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void an_open_one_that_is_closed_by_hand_lets_everything_go() {
    node.calls(SHOP, 10, unavailable());

    assertThat(put(Force.CLOSED).state()).isEqualTo(State.CLOSED);

    assertThat(node.shut()).isEmpty();
  }

  @Test
  void one_that_is_let_go_after_it_was_kept_open_makes_a_probe_first() {
    put(Force.OPEN);

    assertThat(put(Force.AUTO).state()).isEqualTo(State.OPEN);

    node.probes(SHOP, ok());
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void one_that_is_let_go_after_it_was_kept_closed_begins_to_count_anew() {
    put(Force.CLOSED);
    node.calls(SHOP, 30, unavailable());
    rig.pass(Duration.ofSeconds(1));

    put(Force.AUTO);
    node.calls(SHOP, 9, unavailable());
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);

    node.calls(SHOP, 1, unavailable());
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.OPEN);
  }

  @Test
  void saying_what_is_said_already_changes_nothing() {
    long version = put(Force.OPEN).version();

    assertThat(put(Force.OPEN).version()).isEqualTo(version);
    assertThat(
            breakers().put("other.example", Force.AUTO, OptionalLong.empty()).breaker().version())
        .isZero();
    assertThat(rig.rows("SELECT host FROM breaker")).containsExactly(SHOP);
  }

  @Test
  void another_version_is_refused() {
    put(Force.OPEN);

    assertThatThrownBy(() -> breakers().put(SHOP, Force.AUTO, OptionalLong.of(0)))
        .isInstanceOf(StaleVersion.class);
    assertThat(breakers().put(SHOP, Force.AUTO, OptionalLong.of(1)).breaker().version())
        .isEqualTo(2);
  }

  @Test
  void listed_are_those_that_are_not_closed_or_forced_or_failed_lately() {
    node.calls("a.example", 1, ok());
    node.calls("b.example", 3, unavailable());
    node.calls("c.example", 10, unavailable());
    breakers().put("d.example", Force.CLOSED, OptionalLong.empty());

    assertThat(hosts(breakers().list("", 50)))
        .containsExactly("b.example", "c.example", "d.example");
    Breakers.Page first = breakers().list("", 2);
    assertThat(hosts(first)).containsExactly("b.example", "c.example");
    assertThat(first.more()).isTrue();
    assertThat(first.breakers().get(0).counts().failures()).isEqualTo(3);
    assertThat(hosts(breakers().list("c.example", 2))).containsExactly("d.example");
    rig.pass(Duration.ofMinutes(2));
    assertThat(hosts(breakers().list("", 50))).containsExactly("c.example", "d.example");
  }

  @Test
  void the_view_tells_the_times_in_words_of_people() {
    node.calls(SHOP, 10, unavailable());

    assertThat(
            rig.rows("SELECT CONCAT(state, ' ', CAST(opened_utc AS DATETIME(0))) FROM v_breakers"))
        .containsExactly("OPEN 2026-11-21 12:00:00");
    assertThat(rig.rows("SELECT CAST(next_probe_utc AS DATETIME(0)) FROM v_breakers"))
        .containsExactly("2026-11-21 12:00:03");
  }

  private static List<String> hosts(Breakers.Page page) {
    return page.breakers().stream().map(standing -> standing.breaker().host()).toList();
  }
}
