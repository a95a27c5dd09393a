package io.carillon.breaker;

import static io.carillon.breaker.BreakerRig.NOON;
import static io.carillon.breaker.BreakerRig.denied;
import static io.carillon.breaker.BreakerRig.ok;
import static io.carillon.breaker.BreakerRig.unavailable;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.breaker.BreakerRig.Node;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.State;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProbesTest {
  private static final String SHOP = "shop.example";

  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final BreakerRig rig = new BreakerRig(DATABASE);
  private final Node a = rig.node();
  private final Node b = rig.node();

  private Map<String, Gate> shut(Node node) {
    return node.shut();
  }

  @Test
  void a_probe_is_made_when_its_time_has_come_by_one_node() {
    a.calls(SHOP, 10, unavailable());
    assertThat(a.probe(SHOP)).isNull();
    rig.pass(Duration.ofSeconds(3));

    Firing probe = b.probe(SHOP);

    assertThat(probe).isNotNull();
    assertThat(a.probe(SHOP)).isNull();
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.HALF_OPEN);
    assertThat(rig.breaker(SHOP).probe()).isEqualTo(probe.id());
    assertThat(shut(a).get(SHOP).probeAt()).isEqualTo(rig.time.get().plusSeconds(3));
  }

  @Test
  void of_two_nodes_that_claim_at_once_one_does() throws Exception {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));

    List<CompletableFuture<Firing>> both =
        List.of(
            CompletableFuture.supplyAsync(() -> a.probe(SHOP)),
            CompletableFuture.supplyAsync(() -> b.probe(SHOP)));

    Firing one = both.get(0).get(20, TimeUnit.SECONDS);
    Firing other = both.get(1).get(20, TimeUnit.SECONDS);
    assertThat(one == null).isNotEqualTo(other == null);
  }

  @Test
  void a_probe_that_succeeds_closes_it_with_a_clean_slate() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));

    b.probes(SHOP, ok());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
    assertThat(shut(a)).isEmpty();
    a.calls(SHOP, 9, unavailable());
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void a_probe_that_fails_opens_it_again() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));

    b.probes(SHOP, unavailable());

    Breaker again = rig.breaker(SHOP);
    assertThat(again.state()).isEqualTo(State.OPEN);
    assertThat(again.inARow()).isEqualTo(2);
    assertThat(again.openedAt()).isEqualTo(NOON);
    assertThat(again.openUntil()).isEqualTo(rig.time.get().plusSeconds(3));
  }

  @Test
  void a_probe_that_tells_nothing_makes_room_for_the_next() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));

    b.probes(SHOP, denied());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.OPEN);
    assertThat(a.probe(SHOP)).isNotNull();
  }

  @Test
  void a_word_that_is_missed_after_an_answer_of_later_says_nothing_of_the_host() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));
    Firing probe = b.probe(SHOP);
    Completion missed =
        new Completion(
            probe,
            new Outcome.Failed("TIMEOUT", "nothing was told", 202, null, null),
            new Finish(ExecutionState.FAILED, "TIMEOUT"),
            rig.time.get(),
            rig.time.get(),
            Completion.Via.DEADLINE);

    rig.transaction(
        c -> {
          b.write(c, missed);
          return null;
        });

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void a_probe_whose_node_died_is_followed_by_another_after_its_time() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));
    assertThat(b.probe(SHOP)).isNotNull();
    rig.pass(Duration.ofMillis(2_900));
    assertThat(a.probe(SHOP)).isNull();

    rig.pass(Duration.ofMillis(100));

    assertThat(a.probe(SHOP)).isNotNull();
  }

  @Test
  void a_slow_answer_to_an_earlier_probe_closes_it_as_well() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));
    Firing slow = b.probe(SHOP);
    b.answer = ok();
    Completion answered = b.call(slow).orElseThrow();
    rig.pass(Duration.ofSeconds(5));
    assertThat(a.probe(SHOP)).isNotNull();

    rig.transaction(
        c -> {
          b.write(c, answered);
          return null;
        });

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void an_answer_to_a_call_from_before_it_opened_does_not_close_it() {
    a.answer = ok();
    Completion early = a.call(a.fire(SHOP)).orElseThrow();
    a.calls(SHOP, 10, unavailable());
    a.breakers.look();

    rig.transaction(
        c -> {
          a.write(c, early);
          return null;
        });

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.OPEN);
  }

  @Test
  void attempts_that_were_fired_before_it_opened_are_not_begun() {
    Firing fired = b.fire(SHOP);
    rig.pass(Duration.ofMillis(10));
    a.calls(SHOP, 10, unavailable());
    b.breakers.look();
    int before = b.called.get();

    Completion stopped = b.call(fired).orElseThrow();

    assertThat(b.called.get()).isEqualTo(before);
    assertThat(stopped.outcome().toString()).contains("CIRCUIT_OPEN");
  }

  @Test
  void what_was_fired_after_the_picture_was_taken_is_begun() {
    a.calls(SHOP, 10, unavailable());
    b.breakers.look();
    rig.pass(Duration.ofSeconds(4));
    b.probes(SHOP, ok());

    assertThat(b.call(b.fire(SHOP)).orElseThrow().outcome()).isEqualTo(ok());
  }

  @Test
  void a_probe_is_begun_though_every_picture_shows_its_host_as_shut() {
    a.calls(SHOP, 10, unavailable());
    rig.pass(Duration.ofSeconds(4));
    Firing probe = b.probe(SHOP);
    rig.pass(Duration.ofMillis(400));
    a.breakers.look();
    b.breakers.look();
    b.answer = ok();
    a.answer = ok();

    assertThat(b.call(probe).orElseThrow().outcome()).isEqualTo(ok());
    assertThat(a.call(probe).orElseThrow().outcome()).isEqualTo(ok());
  }

  @Test
  void a_server_that_was_started_anew_finds_it_open() {
    a.calls(SHOP, 10, unavailable());

    Node fresh = rig.node();
    fresh.breakers.look();

    assertThat(shut(fresh)).containsOnlyKeys(SHOP);
    Instant before = rig.time.get().minusMillis(1);
    assertThat(fresh.call(BreakerRig.firing(SHOP, before)).orElseThrow().outcome().toString())
        .contains("CIRCUIT_OPEN");
  }

  @Test
  void gates_are_asked_for_while_nothing_is_known_of_them() {
    assertThat(a.breakers.gates().any()).as("before the first look").isTrue();
    a.breakers.look();
    assertThat(a.breakers.gates().any()).isFalse();

    rig.pass(Duration.ofMillis(1_100));

    assertThat(a.breakers.gates().any()).as("no look for a second").isTrue();
  }

  @Test
  void gates_are_asked_for_while_a_host_is_shut_or_fails_and_not_otherwise() {
    a.breakers.look();
    b.breakers.look();
    assertThat(a.breakers.gates().any()).isFalse();
    a.calls(SHOP, 1, unavailable());
    assertThat(b.breakers.gates().any()).isFalse();

    b.breakers.look();
    assertThat(b.breakers.gates().any()).isTrue();

    a.calls(SHOP, 9, unavailable());
    assertThat(a.breakers.gates().any()).as("before its next look").isTrue();
    rig.pass(Duration.ofSeconds(20));
    b.breakers.look();
    assertThat(b.breakers.gates().any()).as("open").isTrue();
    b.probes(SHOP, ok());
    b.breakers.look();
    assertThat(b.breakers.gates().any()).as("well again").isFalse();
  }
}
