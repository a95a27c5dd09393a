package io.carillon.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutionTokensTest {
  private static final ExecutionId ONE =
      ExecutionId.planned(JobId.of("job"), 1, Instant.ofEpochSecond(1));
  private static final ExecutionId OTHER =
      ExecutionId.planned(JobId.of("job"), 1, Instant.ofEpochSecond(2));

  @AutoClose private final TestDatabase database = TestDatabase.create();
  private final ExecutionTokens tokens = new ExecutionTokens(InstantSource.system());

  @BeforeEach
  void load() throws SQLException {
    tokens.load(database.dataSource());
  }

  @Test
  void a_token_tells_the_attempt_it_was_made_for_on_every_node() throws SQLException {
    ExecutionTokens elsewhere = new ExecutionTokens(InstantSource.system());
    elsewhere.load(database.dataSource());
    String token = tokens.of(ONE, 7);
    assertThat(elsewhere.attempt(ONE, token)).hasValue(7);
    assertThat(token).matches("crt_7_[A-Za-z0-9_-]{43}");
  }

  @Test
  void what_was_not_made_for_an_execution_proves_nothing() {
    String token = tokens.of(ONE, 1);
    assertThat(tokens.attempt(OTHER, token)).isEmpty();
    assertThat(tokens.attempt(ONE, token.replace("crt_1_", "crt_2_"))).isEmpty();
    assertThat(tokens.attempt(ONE, token + "x")).isEmpty();
    assertThat(tokens.attempt(ONE, "")).isEmpty();
    assertThat(tokens.attempt(ONE, "crt_9999999999_" + "A".repeat(43))).isEmpty();
    char last = token.charAt(10) == 'A' ? 'B' : 'A';
    assertThat(tokens.attempt(ONE, token.substring(0, 10) + last + token.substring(11))).isEmpty();
  }

  @Test
  void without_the_clusters_key_none_is_made_and_none_is_known() {
    ExecutionTokens early = new ExecutionTokens(InstantSource.system());
    assertThat(early.of(ONE, 1)).isEmpty();
    assertThat(early.attempt(ONE, tokens.of(ONE, 1))).isEmpty();
  }

  @Test
  void another_cluster_has_another_key() throws SQLException {
    try (TestDatabase foreign = TestDatabase.create()) {
      ExecutionTokens others = new ExecutionTokens(InstantSource.system());
      others.load(foreign.dataSource());
      assertThat(others.attempt(ONE, tokens.of(ONE, 1))).isEmpty();
    }
  }
}
