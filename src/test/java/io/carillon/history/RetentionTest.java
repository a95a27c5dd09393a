package io.carillon.history;

import static io.carillon.history.RetentionRig.DAY;
import static io.carillon.history.RetentionRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.history.Retention.TakenAway;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is too old goes, by days and row by row; what is young or not over stays. */
class RetentionTest {
  @AutoClose private final RetentionRig rig = new RetentionRig();

  @Test
  void days_that_are_too_old_are_dropped_with_their_attempts_and_younger_ones_stay() {
    rig.partitions.runOnce();
    JobId job = rig.recurring();
    rig.execution(job, START, ExecutionState.SUCCEEDED);
    rig.execution(job, START.plus(DAY), ExecutionState.FAILED);
    rig.execution(job, START.plus(DAY.multipliedBy(2)), ExecutionState.SKIPPED);
    rig.now = START.plus(Duration.ofDays(32));

    TakenAway taken = rig.retention.runOnce();

    assertThat(taken).isEqualTo(new TakenAway(true, 4, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(rig.names("execution")).startsWith("p_old", "p20260303");
    assertThat(rig.names("attempt")).startsWith("p_old", "p20260303");
    assertThat(rig.counts()).isEqualTo("1 1");
  }

  @Test
  void nothing_is_dropped_before_its_day_is_wholly_out_of_time() {
    rig.partitions.runOnce();
    rig.now = Instant.parse("2026-03-31T23:59:59Z");
    assertThat(rig.retention.runOnce().partitions()).isZero();

    rig.now = Instant.parse("2026-04-01T00:00:00Z");
    assertThat(rig.retention.runOnce().partitions()).isEqualTo(2);
  }

  @Test
  void a_day_with_an_unfinished_execution_stays() {
    rig.partitions.runOnce();
    JobId job = rig.recurring();
    ExecutionId stuck = rig.execution(job, START, ExecutionState.RETRYING);
    rig.execution(job, START.plus(DAY), ExecutionState.SUCCEEDED);
    rig.now = START.plus(Duration.ofDays(35));

    TakenAway taken = rig.retention.runOnce();

    assertThat(taken.kept()).isEqualTo(2);
    assertThat(rig.database.rows("id", "execution")).containsExactly(stuck.value());
    assertThat(rig.database.rows("execution_id", "attempt")).containsExactly(stuck.value());
  }

  @Test
  void what_is_over_goes_from_a_day_that_stays() {
    rig.partitions.runOnce();
    JobId job = rig.recurring();
    ExecutionId stuck = rig.execution(job, START, ExecutionState.QUEUED);
    for (int i = 1; i <= 502; i++) {
      rig.execution(job, START.plusSeconds(i), ExecutionState.SUCCEEDED);
    }
    rig.now = START.plus(Duration.ofDays(35));

    TakenAway taken = rig.retention.runOnce();

    assertThat(taken.kept()).isEqualTo(2);
    assertThat(taken.rows()).isEqualTo(502);
    assertThat(rig.database.rows("id", "execution")).containsExactly(stuck.value());
    assertThat(rig.database.rows("execution_id", "attempt")).containsExactly(stuck.value());
  }

  @Test
  void what_lies_before_the_first_day_goes_in_small_steps() {
    JobId job = rig.recurring();
    Instant old = Instant.parse("2025-06-01T00:00:00Z");
    ExecutionId stuck =
        rig.database.transaction(
            c -> {
              for (int i = 0; i < 1203; i++) {
                RetentionRig.execution(c, job, old.plusSeconds(i), ExecutionState.SUCCEEDED);
              }
              return RetentionRig.execution(c, job, old.minusSeconds(1), ExecutionState.RUNNING);
            });

    assertThat(rig.retention.runOnce().rows()).isEqualTo(2 * 1203);

    assertThat(rig.database.rows("id", "execution")).containsExactly(stuck.value());
    assertThat(rig.database.rows("execution_id", "attempt")).containsExactly(stuck.value());
  }

  @Test
  void expired_answers_go_and_others_stay() {
    for (String key : List.of("old", "new")) {
      rig.database.transaction(
          c ->
              Sql.update(
                  c,
                  """
                  INSERT INTO idempotency (key_hash, body_hash, proposed_id, created_at,
                    locked_until, expires_at)
                  VALUES (?, '', '', 0, 0, ?)
                  """,
                  key,
                  key.equals("old") ? rig.now.minusMillis(1) : rig.now));
    }

    assertThat(rig.retention.runOnce().answers()).isEqualTo(1);
    assertThat(rig.database.rows("key_hash", "idempotency")).containsExactly("new");
  }

  @Test
  void calls_that_no_node_came_to_break_off_are_forgotten_after_an_hour() {
    rig.database.transaction(
        c -> {
          for (int n = 0; n < 1203; n++) {
            toBeBrokenOff(c, "dead-" + n, rig.now.minus(Duration.ofHours(1)).minusMillis(1));
          }
          toBeBrokenOff(c, "alive", rig.now.minus(Duration.ofHours(1)));
          return null;
        });

    assertThat(rig.retention.runOnce().unheard()).isEqualTo(1203);
    assertThat(rig.database.rows("execution_id", "cancellation")).containsExactly("alive");
  }

  private static void toBeBrokenOff(Connection connection, String execution, Instant asked)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO cancellation (node, execution_id, requested_at) VALUES ('a-1', ?, ?)",
        execution,
        asked);
  }
}
