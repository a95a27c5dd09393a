package io.carillon.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StoredIdempotencyKeysTest {
  private static final String BODY = "b".repeat(64);
  private static final StoredAnswer ANSWER =
      new StoredAnswer(
          201, "Location: /x\nContent-Type: application/json", "{\"a\":\"\ud83d\udd14\"}");
  @AutoClose private static TestDatabase database;

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
  private final StoredIdempotencyKeys keys =
      new StoredIdempotencyKeys(database.database()::dataSource, time::get);
  private final String key = UUID.randomUUID().toString();

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @Test
  void the_first_claim_does_the_work_and_the_others_get_its_answer() {
    Claim.Mine mine = (Claim.Mine) keys.claim(key, BODY, "id-1");
    assertThat(mine.proposedId()).isEqualTo("id-1");
    assertThat(keys.claim(key, BODY, "id-2")).isEqualTo(new Claim.Running());
    keys.finish(key, ANSWER);
    assertThat(keys.claim(key, BODY, "id-3")).isEqualTo(new Claim.Answered(ANSWER));
    assertThat(keys.claim(key, "c".repeat(64), "id-4")).isEqualTo(new Claim.OtherBody());
  }

  @Test
  void a_claim_whose_insert_lost_its_answer_is_still_ones_own() {
    Claim first = keys.claim(key, BODY, "id-1");
    assertThat(keys.claim(key, BODY, "id-1")).isEqualTo(first);
  }

  @Test
  void connections_that_broke_in_the_pool_are_noticed_by_nobody() throws Exception {
    Claim.Mine mine = (Claim.Mine) keys.claim(key, BODY, "id-1");
    breakConnections();
    keys.finish(key, ANSWER);
    breakConnections();
    assertThat(keys.claim(key, BODY, "id-2")).isEqualTo(new Claim.Answered(ANSWER));
    assertThat(mine.proposedId()).isEqualTo("id-1");
  }

  /** Every connection of the pool is used a moment ago, so the pool gives it without a look. */
  private static void breakConnections() throws SQLException {
    List<Connection> all = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      Connection connection = database.dataSource().getConnection();
      all.add(connection);
      ids.addAll(Sql.query(connection, "SELECT CONNECTION_ID()", row -> row.getLong(1)));
    }
    for (Connection connection : all) {
      connection.close();
    }
    try (Connection killer =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = killer.createStatement()) {
      for (Long id : ids) {
        statement.execute("KILL " + id);
      }
    }
  }

  @Test
  void a_claim_whose_node_died_is_taken_over_by_one_with_the_same_id() {
    keys.claim(key, BODY, "id-1");
    pass(Duration.ofSeconds(21));
    Claim heir = keys.claim(key, BODY, "id-2");
    assertThat(heir)
        .isInstanceOfSatisfying(
            Claim.Mine.class, mine -> assertThat(mine.proposedId()).isEqualTo("id-1"));
    assertThat(keys.claim(key, BODY, "id-3")).isEqualTo(new Claim.Running());
  }

  @Test
  void a_late_answer_does_not_replace_the_one_that_was_given() {
    keys.claim(key, BODY, "id-1");
    keys.finish(key, ANSWER);
    keys.finish(key, new StoredAnswer(409, "", ""));
    assertThat(keys.claim(key, BODY, "id-2")).isEqualTo(new Claim.Answered(ANSWER));
  }

  @Test
  void a_released_key_is_free_or_keeps_its_id() {
    Claim.Mine first = (Claim.Mine) keys.claim(key, BODY, "id-1");
    keys.release(key, first, false);
    pass(Duration.ofMillis(1));
    Claim.Mine second = (Claim.Mine) keys.claim(key, BODY, "id-2");
    assertThat(first.first()).isTrue();
    assertThat(second).isEqualTo(new Claim.Mine("id-1", second.lock(), false));
    keys.release(key, first, true);
    assertThat(keys.claim(key, BODY, "id-3"))
        .as("only its holder releases a claim")
        .isEqualTo(new Claim.Running());
    keys.release(key, second, true);
    assertThat(((Claim.Mine) keys.claim(key, "c".repeat(64), "id-4")).proposedId())
        .isEqualTo("id-4");
  }

  @Test
  void after_a_day_a_key_is_new_again() {
    keys.claim(key, BODY, "id-1");
    keys.finish(key, ANSWER);
    pass(Duration.ofHours(24));
    assertThat(((Claim.Mine) keys.claim(key, "c".repeat(64), "id-2")).proposedId())
        .isEqualTo("id-2");
  }

  @Test
  void without_a_database_it_says_so() {
    StoredIdempotencyKeys away =
        new StoredIdempotencyKeys(
            () -> {
              throw new StoreUnavailable("not up yet", null);
            },
            time::get);
    assertThatThrownBy(() -> away.claim(key, BODY, "id")).isInstanceOf(StoreUnavailable.class);
  }

  private void pass(Duration length) {
    time.updateAndGet(now -> now.plus(length));
  }
}
