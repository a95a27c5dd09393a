package io.carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.execution.Secrets.Revealed;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import io.carillon.job.SecretKind;
import io.carillon.job.StoredSecret;
import io.carillon.secret.SecretBook.Conflict;
import io.carillon.secret.SecretBook.NewValue;
import io.carillon.secret.SecretBook.OtherKind;
import io.carillon.secret.SecretBook.Put;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StoredSecretsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final OptionalLong ANY = OptionalLong.empty();
  @AutoClose private static TestDatabase database;

  private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  private final Vault vault = vault("new");

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @AfterEach
  void clear() throws SQLException {
    try (Connection connection = database.database().dataSource().getConnection()) {
      Sql.update(connection, "DELETE FROM secret");
    }
  }

  private StoredSecrets stored(Keyring keys) {
    return new StoredSecrets(() -> database.database().dataSource(), keys, time::get);
  }

  /** Another node's, with its own cache. */
  private Vault vault(String... keys) {
    Keyring ring = SampleKeys.ring(keys);
    return new Vault(ring, stored(ring), time::get);
  }

  private Upkeep upkeep(String... keys) {
    Keyring ring = SampleKeys.ring(keys);
    return new Upkeep(ring, stored(ring), time::get);
  }

  private static Put put(Vault vault, String name, String value, @Nullable Duration grace) {
    return vault.put(new NewValue("default", name, SecretKind.TEXT, value, grace), false, ANY);
  }

  private List<String> keyIds() throws SQLException {
    try (Connection connection = database.database().dataSource().getConnection()) {
      return Sql.query(
          connection,
          "SELECT CONCAT_WS(' ', key_id, previous_key_id) FROM secret ORDER BY name",
          row -> row.getString(1));
    }
  }

  @Test
  void a_value_is_revealed_on_every_node_and_told_by_nothing_else() throws Exception {
    Put put = put(vault, "token", "t0p", null);

    assertThat(put.created()).isTrue();
    assertThat(put.stored())
        .isEqualTo(new StoredSecret("default", "token", SecretKind.TEXT, 1, NOW, NOW, null));
    assertThat(vault("new").reveal("default", "token"))
        .isEqualTo(new Revealed(SecretKind.TEXT, "t0p", null));
    assertThat(vault.find("default", "token")).contains(put.stored());
    assertThat(vault.kind("default", "token")).contains(SecretKind.TEXT);
    assertThat(vault.kind("default", "Token")).isEmpty();
    assertThat(vault.reveal("default", "token").toString()).doesNotContain("t0p");
    assertThat(new NewValue("default", "token", SecretKind.TEXT, "t0p", null).toString())
        .doesNotContain("t0p");
  }

  @Test
  void a_header_that_moves_to_another_job_opens_there_alone() throws Exception {
    JobId from = JobId.of("from");
    JobId to = JobId.of("to");
    String sealed = vault.seal(from, "X-Key", "t0p");

    String moved = vault.move(from, to, "X-Key", sealed);

    assertThat(vault.open(to, "X-Key", moved)).isEqualTo("t0p");
    assertThatThrownBy(() -> vault.open(from, "X-Key", moved)).isInstanceOf(NotRevealed.class);
    assertThat(vault.move(to, from, "X-Key", sealed)).as("not of that job").isEqualTo(sealed);
  }

  @Test
  void a_rotation_that_is_asked_for_again_does_not_lose_the_value_before_it() throws Exception {
    put(vault, "token", "one", null);
    StoredSecret rotated = put(vault, "token", "two", DAY).stored();
    time.set(NOW.plusSeconds(60));

    Put again = put(vault, "token", "two", DAY);

    assertThat(again).isEqualTo(new Put(rotated, false));
    assertThat(vault("new").reveal("default", "token"))
        .isEqualTo(new Revealed(SecretKind.TEXT, "two", "one"));
  }

  @Test
  void a_rotated_value_has_the_one_before_it_beside_it_until_the_grace_is_over() throws Exception {
    put(vault, "token", "one", null);
    time.set(NOW.plusSeconds(60));
    StoredSecret rotated = put(vault, "token", "two", DAY).stored();

    assertThat(rotated)
        .isEqualTo(
            new StoredSecret(
                "default",
                "token",
                SecretKind.TEXT,
                2,
                NOW,
                NOW.plusSeconds(60),
                NOW.plusSeconds(60).plus(DAY)));
    assertThat(vault.reveal("default", "token"))
        .isEqualTo(new Revealed(SecretKind.TEXT, "two", "one"));
    put(vault, "token", "three", DAY);
    assertThat(vault.reveal("default", "token").previous()).isEqualTo("two");

    time.set(NOW.plus(Duration.ofDays(2)));
    assertThat(vault.reveal("default", "token"))
        .isEqualTo(new Revealed(SecretKind.TEXT, "three", null));
    assertThat(vault.find("default", "token").orElseThrow().previousUntil()).isNull();
    assertThat(keyIds()).containsExactly("new new");
    upkeep("new").runOnce();
    assertThat(keyIds()).containsExactly("new");
  }

  @Test
  void a_value_without_rotation_replaces_at_once() throws Exception {
    put(vault, "token", "one", null);
    put(vault, "token", "two", DAY);
    put(vault, "token", "three", null);

    assertThat(vault.reveal("default", "token"))
        .isEqualTo(new Revealed(SecretKind.TEXT, "three", null));
    assertThat(keyIds()).containsExactly("new");
  }

  @Test
  void only_the_same_kind_rotates() {
    put(vault, "token", "one", null);
    NewValue key = new NewValue("default", "token", SecretKind.SIGNING, "whsec_", DAY);
    assertThatThrownBy(() -> vault.put(key, false, ANY)).isInstanceOf(OtherKind.class);
  }

  @Test
  void writers_who_expect_another_version_are_refused() {
    put(vault, "token", "one", null);
    NewValue two = new NewValue("default", "token", SecretKind.TEXT, "two", null);
    assertThatThrownBy(() -> vault.put(two, true, ANY)).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> vault.put(two, false, OptionalLong.of(2)))
        .isInstanceOfSatisfying(Conflict.class, c -> assertThat(c.current()).isEqualTo(1));
    assertThatThrownBy(() -> vault.delete("default", "token", OptionalLong.of(2)))
        .isInstanceOf(Conflict.class);
    assertThat(vault.put(two, false, OptionalLong.of(1)).stored().version()).isEqualTo(2);
  }

  @Test
  void a_removed_one_is_missing() {
    put(vault, "token", "one", null);
    assertThat(vault.delete("default", "token", ANY)).isTrue();
    assertThat(vault.delete("default", "token", ANY)).isFalse();
    assertThatThrownBy(() -> vault.reveal("default", "token"))
        .isInstanceOfSatisfying(
            NotRevealed.class, e -> assertThat(e.reason()).isEqualTo(Reasons.SECRET_MISSING));
  }

  @Test
  void pages_follow_each_other() {
    for (String name : List.of("c", "a", "b")) {
      put(vault, name, name, null);
    }
    Page<StoredSecret> first = vault.list("default", null, 2);
    assertThat(first.items()).extracting(StoredSecret::name).containsExactly("a", "b");
    Page<StoredSecret> second = vault.list("default", first.nextCursor(), 2);
    assertThat(second.items()).extracting(StoredSecret::name).containsExactly("c");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void what_an_older_key_encrypted_is_encrypted_anew() throws Exception {
    put(vault("old"), "a", "one", null);
    put(vault("old"), "a", "two", DAY);
    put(vault("old"), "b", "three", null);
    long version = vault.find("default", "a").orElseThrow().version();

    assertThat(upkeep("new", "old").runOnce()).isEqualTo(2);

    assertThat(keyIds()).containsExactly("new new", "new");
    assertThat(vault.reveal("default", "a")).isEqualTo(new Revealed(SecretKind.TEXT, "two", "one"));
    assertThat(vault.find("default", "a").orElseThrow().version()).isEqualTo(version);
    assertThat(upkeep("new", "old").runOnce()).isZero();
  }

  @Test
  void a_row_that_was_copied_from_another_does_not_open() throws Exception {
    put(vault, "a", "one", null);
    put(vault, "b", "two", null);
    try (Connection connection = database.database().dataSource().getConnection()) {
      Sql.update(
          connection,
          """
          UPDATE secret b JOIN secret a ON a.name = 'a'
             SET b.nonce = a.nonce, b.ciphertext = a.ciphertext WHERE b.name = 'b'
          """);
    }
    assertThatThrownBy(() -> vault("new").reveal("default", "b"))
        .isInstanceOfSatisfying(
            NotRevealed.class, e -> assertThat(e.reason()).isEqualTo(Reasons.SECRET_UNREADABLE));
  }
}
