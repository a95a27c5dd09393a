package io.carillon.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.TestDatabase;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** When those that wait for a host are told. */
class WakesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String SHOP = "shop.example";
  private static final Breaker CLOSED = Breaker.unknown(SHOP);
  private static final Breaker OPEN = CLOSED.opened(NOON, Duration.ofSeconds(3));
  private static final Breaker PROBED =
      OPEN.probed(
          ExecutionId.planned(JobId.of("probe"), 1, NOON),
          NOON.plusSeconds(3),
          Duration.ofSeconds(3));

  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final List<String> woken = new ArrayList<>();
  private final Wakes wakes = new Wakes((connection, hosts) -> woken.addAll(hosts));

  private List<String> after(Breaker before, Breaker next) throws SQLException {
    wakes.note(Map.of(SHOP, before), Map.of(SHOP, next));
    return send(wakes);
  }

  private List<String> send(Wakes some) throws SQLException {
    woken.clear();
    try (Connection connection = DATABASE.dataSource().getConnection()) {
      some.send(connection);
    }
    return woken;
  }

  @Test
  void a_host_that_may_be_called_again() throws SQLException {
    assertThat(after(OPEN, OPEN.closed(NOON))).containsExactly(SHOP);
    assertThat(after(OPEN, OPEN.forced(Force.CLOSED, NOON))).containsExactly(SHOP);
    wakes.note(Map.of(SHOP, PROBED), Map.of());
    assertThat(send(wakes)).containsExactly(SHOP);
  }

  @Test
  void a_host_that_may_be_probed_sooner() throws SQLException {
    assertThat(after(PROBED, PROBED.released(NOON.plusSeconds(4)))).containsExactly(SHOP);
    Breaker kept = OPEN.forced(Force.OPEN, NOON);
    assertThat(after(kept, kept.forced(Force.AUTO, NOON))).containsExactly(SHOP);
  }

  @Test
  void none_of_which_that_was_to_be_expected() throws SQLException {
    assertThat(after(CLOSED, OPEN)).isEmpty();
    assertThat(after(OPEN, OPEN)).isEmpty();
    assertThat(after(OPEN, PROBED)).isEmpty();
    assertThat(after(PROBED, PROBED.opened(NOON.plusSeconds(4), Duration.ofSeconds(3)))).isEmpty();
    assertThat(after(OPEN, OPEN.forced(Force.OPEN, NOON))).isEmpty();
  }

  @Test
  void what_could_not_be_said_is_said_later() throws SQLException {
    List<SQLException> failures = new ArrayList<>(List.of(new SQLException("gone")));
    Wakes unlucky =
        new Wakes(
            (connection, hosts) -> {
              if (!failures.isEmpty()) {
                throw failures.remove(0);
              }
              woken.addAll(hosts);
            });
    unlucky.note(Map.of(SHOP, OPEN), Map.of());

    assertThatThrownBy(() -> send(unlucky)).hasMessage("gone");

    assertThat(send(unlucky)).containsExactly(SHOP);
    assertThat(send(unlucky)).isEmpty();
  }
}
