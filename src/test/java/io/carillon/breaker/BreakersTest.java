package io.carillon.breaker;

import static io.carillon.breaker.BreakerRig.NOON;
import static io.carillon.breaker.BreakerRig.ok;
import static io.carillon.breaker.BreakerRig.unavailable;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.breaker.BreakerRig.Node;
import io.carillon.config.BreakerConfig;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breaker.State;
import io.carillon.execution.Completion;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BreakersTest {
  private static final String SHOP = "shop.example";

  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final BreakerRig rig = new BreakerRig(DATABASE);
  private final Node a = rig.node();
  private final Node b = rig.node();

  private Map<String, Gate> shut(Node node) {
    return node.shut();
  }

  @Test
  void ten_failures_open_it_and_nine_do_not() {
    a.calls(SHOP, 9, unavailable());
    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);

    a.calls(SHOP, 1, unavailable());

    Breaker open = rig.breaker(SHOP);
    assertThat(open.state()).isEqualTo(State.OPEN);
    assertThat(open.openedAt()).isEqualTo(NOON);
    assertThat(shut(b)).containsOnlyKeys(SHOP);
    assertThat(shut(b).get(SHOP).probeAt()).isEqualTo(NOON.plusSeconds(3));
  }

  @Test
  void failures_of_several_nodes_count_together() {
    a.calls(SHOP, 4, unavailable());
    b.calls(SHOP, 5, unavailable());
    assertThat(shut(a)).isEmpty();

    a.calls(SHOP, 1, unavailable());

    assertThat(shut(a)).containsOnlyKeys(SHOP);
  }

  @Test
  void of_two_nodes_that_write_at_once_the_second_sees_what_the_first_wrote() throws Exception {
    a.calls(SHOP, 4, unavailable());
    b.calls(SHOP, 4, unavailable());
    Completion ofA = failure(a);
    Completion ofB = failure(b);
    CountDownLatch written = new CountDownLatch(1);

    CompletableFuture<Void> second =
        rig.<CompletableFuture<Void>>transaction(
            c -> {
              a.write(c, ofA);
              CompletableFuture<Void> other =
                  CompletableFuture.runAsync(
                      () ->
                          rig.transaction(
                              d -> {
                                written.countDown();
                                b.write(d, ofB);
                                return null;
                              }));
              assertThat(await(written)).isTrue();
              return other;
            });
    second.get(20, TimeUnit.SECONDS);

    assertThat(shut(a)).containsOnlyKeys(SHOP);
    assertThat(rig.breaker(SHOP).inARow()).isEqualTo(1);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Completion failure(Node node) {
    node.answer = unavailable();
    return node.call(node.fire(SHOP)).orElseThrow();
  }

  @Test
  void a_healthy_host_costs_no_row_and_a_few_failures_do_not_open_it() {
    a.calls(SHOP, 30, ok());
    assertThat(rig.rows("SELECT host FROM breaker_count")).isEmpty();

    a.calls(SHOP, 8, unavailable()).calls(SHOP, 1, ok()).calls(SHOP, 8, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void the_answers_of_one_node_are_weighed_against_the_failures_of_another() {
    a.calls(SHOP, 1, unavailable());
    b.breakers.look();
    b.calls(SHOP, 20, ok());
    rig.pass(Duration.ofMillis(500));
    b.breakers.look();
    a.calls(SHOP, 5, unavailable());
    b.calls(SHOP, 1, ok());
    b.breakers.look();

    a.calls(SHOP, 6, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
    assertThat(a.breakers.breakers().find(SHOP).counts().answers()).isEqualTo(21);
  }

  @Test
  void a_busy_host_that_fails_from_one_moment_to_the_next_is_not_outvoted_by_its_past() {
    a.calls(SHOP, 200, ok());

    a.calls(SHOP, 10, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.OPEN);
  }

  /** Its calls time out, all at once, when it goes on; the hosts were well all the time. */
  @Test
  void calls_that_ended_when_their_node_had_lost_its_lease_say_nothing_of_the_host() {
    a.answer = unavailable();
    a.isFrozen = true;
    for (int i = 0; i < 20; i++) {
      assertThat(a.call(a.fire(SHOP))).isPresent();
    }
    a.isFrozen = false;

    a.calls(SHOP, 1, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void failures_of_long_ago_are_forgotten() {
    a.calls(SHOP, 9, unavailable());
    rig.pass(Duration.ofSeconds(11));

    a.calls(SHOP, 9, unavailable());

    assertThat(rig.breaker(SHOP).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void a_host_that_nothing_calls_any_more_is_forgotten_after_an_hour() {
    a.calls(SHOP, 10, unavailable());
    a.breakers.breakers().put("forced.example", Force.OPEN, OptionalLong.empty());
    a.breakers.breakers().put("let.go.example", Force.OPEN, OptionalLong.empty());
    a.breakers.breakers().put("let.go.example", Force.AUTO, OptionalLong.empty());
    a.breakers.breakers().put("well.example", Force.CLOSED, OptionalLong.empty());
    a.breakers.breakers().put("well.example", Force.AUTO, OptionalLong.empty());
    rig.pass(Duration.ofMinutes(59));
    a.breakers.look();
    assertThat(shut(a)).containsOnlyKeys(SHOP, "forced.example", "let.go.example");

    rig.pass(Duration.ofMinutes(2));
    a.breakers.look();
    assertThat(shut(a)).containsOnlyKeys("forced.example");
    rig.pass(Duration.ofMinutes(61));
    a.breakers.look();

    assertThat(rig.rows("SELECT host FROM breaker")).containsExactly("forced.example");
  }

  @Test
  void other_hosts_are_not_concerned() {
    a.calls(SHOP, 10, unavailable());

    assertThat(shut(a)).containsOnlyKeys(SHOP);
    assertThat(rig.rows("SELECT host FROM breaker")).containsExactly(SHOP);
  }

  @Test
  void a_batch_costs_the_same_for_any_number_of_failing_hosts_and_nothing_for_others() {
    assertThat(cost(1, unavailable())).isEqualTo(6);
    assertThat(cost(40, unavailable())).isEqualTo(6);
    rig.pass(Duration.ofSeconds(1));
    assertThat(cost(40, unavailable())).isEqualTo(4);
    assertThat(cost(40, ok())).isZero();
  }

  /** Of a batch with one call to each of so many hosts. */
  private int cost(int hosts, Outcome how) {
    a.answer = how;
    Completion[] batch =
        IntStream.range(0, hosts)
            .mapToObj(n -> a.call(a.fire("host" + hosts + "-" + n)).orElseThrow())
            .toArray(Completion[]::new);
    return rig.statements(
        c -> {
          a.write(c, batch);
          return null;
        });
  }

  @Test
  void where_it_is_switched_off_nothing_opens() {
    BreakerConfig off =
        new BreakerConfig(
            false, Duration.ofSeconds(10), 0.5, 10, Duration.ofSeconds(3), Duration.ofSeconds(3));

    rig.node(off).calls(SHOP, 50, unavailable());

    assertThat(shut(a)).isEmpty();
  }

  @Test
  void an_opening_is_told_once_it_is_committed_and_once_only() {
    a.calls(SHOP, 9, unavailable());
    Completion last = failure(a);
    rig.transaction(
        c -> {
          a.write(c, last);
          c.rollback();
          return null;
        });
    a.breakers.look();
    assertThat(rig.openings).hasValue(0);

    rig.transaction(
        c -> {
          a.write(c, last);
          return null;
        });
    a.breakers.look();
    b.breakers.look();
    a.breakers.look();

    assertThat(rig.openings).hasValue(1);
  }
}
