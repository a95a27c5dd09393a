package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node's lease, on a real database, with a clock that can be set. */
class CheckInTest {
  @AutoClose private static TestDatabase database;

  private final AtomicReference<Duration> wrong = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(wrong.get());
  private volatile boolean databaseAway;
  private CheckIn checkIn;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void join() {
    checkIn =
        new CheckIn(
            this::connect,
            new NodeRows(new Tables("QRTZ_", "carillon")),
            new CheckIn.Self("n-" + UUID.randomUUID(), Duration.ofSeconds(4), null, "test"),
            clock,
            () -> 0);
  }

  @AfterEach
  void leave() {
    checkIn.close();
  }

  private Connection connect() throws SQLException {
    if (databaseAway) {
      throw new SQLException("the database is away");
    }
    return database.database().openCheckInConnection();
  }

  @Test
  void a_node_that_has_not_joined_holds_nothing() {
    assertThat(checkIn.mayFire()).isFalse();
    assertThat(checkIn.holds(checkIn.instanceName())).isFalse();
  }

  @Test
  void a_node_with_a_wrong_clock_never_fires_from_the_first_moment() throws SQLException {
    wrong.set(Duration.ofMinutes(3));

    checkIn.join();

    assertThat(checkIn.mayFire()).isFalse();
    assertThat(checkIn.clockOffset()).isGreaterThan(Duration.ofMinutes(2));
  }

  @Test
  void a_clock_that_jumps_stops_firing_before_the_next_check_in() throws SQLException {
    checkIn.join();
    assertThat(checkIn.mayFire()).isTrue();

    wrong.set(Duration.ofHours(1));

    assertThat(checkIn.mayFire()).isFalse();
    assertThat(checkIn.holds(checkIn.instanceName())).isFalse();
    await()
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> !checkIn.mayFire());
    wrong.set(Duration.ZERO);
    await().atMost(Duration.ofSeconds(5)).until(checkIn::mayFire);
  }

  @Test
  void a_node_whose_row_is_gone_goes_on_under_a_new_name() throws Exception {
    checkIn.join();
    String before = checkIn.instanceName();

    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, "DELETE FROM node WHERE instance_name = ?", before);
    }

    await().atMost(Duration.ofSeconds(5)).until(() -> !checkIn.instanceName().equals(before));
    assertThat(checkIn.holds(before)).isFalse();
    assertThat(checkIn.holds(checkIn.instanceName())).isTrue();
  }

  @Test
  void a_node_without_its_database_stops_within_its_lease_and_forgets_what_it_had_seen_of_others()
      throws Exception {
    checkIn.join();
    long joined = checkIn.presentSinceNanos();
    databaseAway = true;
    killOthers();

    await().atMost(Duration.ofSeconds(5)).until(() -> !checkIn.mayFire());
    await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
    databaseAway = false;

    await().atMost(Duration.ofSeconds(5)).until(checkIn::mayFire);
    assertThat(Duration.ofNanos(checkIn.presentSinceNanos() - joined))
        .isGreaterThan(Duration.ofSeconds(4));
  }

  private static void killOthers() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      for (long id :
          Sql.query(
              connection,
              "SELECT ID FROM information_schema.PROCESSLIST"
                  + " WHERE ID <> CONNECTION_ID() AND DB = ?",
              row -> row.getLong(1),
              database.name())) {
        Sql.update(connection, "KILL " + id);
      }
    }
  }
}
