package io.carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.config.SecretsConfig;
import io.carillon.config.SecretsConfig.MasterKey;
import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.job.JobId;
import io.carillon.job.SecretKind;
import io.carillon.secret.SecretBook.NewValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server says at its start of keys that it lacks. */
class KeyCheckTest {
  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  @BeforeEach
  void clear() throws SQLException {
    update("DELETE FROM secret");
    update("DELETE FROM job");
  }

  private static void update(String statement, Object... values) throws SQLException {
    try (Connection connection = DATABASE.database().dataSource().getConnection()) {
      Sql.update(connection, statement, values);
    }
  }

  private static StoredSecrets stored(Keyring keys) {
    return new StoredSecrets(() -> DATABASE.database().dataSource(), keys, InstantSource.system());
  }

  /** Starts a server with these keys. */
  private static String started(Keyring keys) {
    KeyCheck check = new KeyCheck(keys, stored(keys));
    String fault = check.fault().orElse("");
    if (fault.isEmpty() && !keys.isEmpty()) {
      check.note(Instant.EPOCH);
    }
    return fault;
  }

  private static String started(String... ids) {
    return started(SampleKeys.ring(ids));
  }

  private static void put(String key, @Nullable Duration grace) {
    stored(SampleKeys.ring(key))
        .put(
            new NewValue("default", "token", SecretKind.TEXT, "x", grace),
            false,
            OptionalLong.empty());
  }

  private static void job(String key) throws SQLException {
    String sealed = SampleKeys.ring(key).seal("x", Place.of(JobId.of("j"), "X-A")).text();
    update(
        """
        INSERT INTO job (namespace, id, queue, priority, origin, state, generation, version, spec,
          created_at, updated_at)
        VALUES ('default', 'j', 'default', 5, 'CANONICAL', 'ACTIVE', 1, 1, ?, 0, 0)
        """,
        "{\"target\":{\"secretHeaders\":{\"X-A\":\"" + sealed + "\"}}}");
  }

  @Test
  void a_key_that_a_stored_secret_needs_is_missed() {
    assertThat(started("old")).isEmpty();
    put("old", null);
    assertThat(started("new", "old")).isEmpty();
    assertThat(started("new"))
        .contains("encrypted with key old, and this server has new")
        .contains("carillon.secrets.key")
        .doesNotContain("\n");
    assertThat(started()).contains("encrypted with key old, and this server has none");
    put("new", Duration.ofHours(1));
    assertThat(started("new")).contains("encrypted with key old");
  }

  @Test
  void a_key_that_only_a_header_of_a_job_needs_is_missed_too() throws SQLException {
    started("old");
    job("old");
    assertThat(started("new")).contains("encrypted with key old, and this server has new");
    assertThat(started()).contains("this server has none");
    assertThat(started("new", "old")).isEmpty();
  }

  @Test
  void a_key_that_nothing_needs_any_more_may_go_and_come_back() {
    started("old");
    assertThat(started()).isEmpty();
    assertThat(started("new")).isEmpty();
    assertThat(started("old")).isEmpty();
  }

  @Test
  void another_key_under_the_same_id_is_found() {
    started("a");
    Keyring other =
        new Keyring(
            new SecretsConfig(
                List.of(new MasterKey("a", "b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28="))));
    assertThat(started(other))
        .contains("the key a is not the one of this id that encrypted what the database holds");
  }

  @Test
  void samples_are_no_secrets_for_anybody() {
    started("a");
    Keyring keys = SampleKeys.ring("b", "a");
    assertThat(stored(keys).list("default", null, 10).items()).isEmpty();
    assertThat(new Upkeep(keys, stored(keys), InstantSource.system()).runOnce()).isZero();
    assertThat(started("a")).isEmpty();
  }
}
