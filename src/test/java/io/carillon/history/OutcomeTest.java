package io.carillon.history;

import static io.carillon.history.Completions.FINISHED;
import static io.carillon.history.Completions.STARTED;
import static io.carillon.history.Completions.failure;
import static io.carillon.history.Completions.retry;
import static io.carillon.history.Completions.success;
import static io.carillon.history.HistoryDatabase.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.Firing;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.job.JobId;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an outcome does to the row of its execution, and what it must leave alone. */
class OutcomeTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  @Test
  void a_success_in_one_attempt_ends_the_execution_without_an_attempt_row() {
    Firing firing = database.fireNow(database.storedNoop());

    database.complete(success(firing));

    assertThat(
            database.execution(
                "state, started_at, finished_at, http_status, response, response_truncated",
                firing.id()))
        .isEqualTo("SUCCEEDED " + STARTED + " " + FINISHED + " 200 welcome 🔔 1");
    assertThat(database.attempts("n", firing.id())).isEmpty();
  }

  @Test
  void a_failure_to_be_retried_waits_and_keeps_its_attempt() {
    Firing firing = database.fireNow(database.storedNoop());

    database.complete(retry(firing));

    assertThat(
            database.execution(
                "state, reason, next_attempt_at, IFNULL(finished_at, '-'), http_status",
                firing.id()))
        .isEqualTo("RETRYING HTTP_503 " + NOON.plusSeconds(2).toEpochMilli() + " - 503");
    assertThat(database.attempts("n, node, finished_at, reason, http_status, counted", firing.id()))
        .containsExactly("1 a-1 " + FINISHED + " HTTP_503 503 1");
  }

  @Test
  void the_last_attempt_of_several_is_kept_too() {
    Firing first = database.fireNow(database.storedNoop());
    database.complete(retry(first));
    Due due = Due.repeat(first.id(), first.job().id(), 2);
    Firing second = database.fire(List.of(due), "b-1").firings().get(due);

    database.complete(success(second));

    assertThat(database.attempts("n, node, counted", first.id()))
        .containsExactly("1 a-1 1", "2 b-1 1");
    assertThat(database.execution("state, IFNULL(reason, '-')", first.id()))
        .isEqualTo("SUCCEEDED -");
  }

  @Test
  void an_outcome_never_changes_a_final_row_and_is_kept_where_retention_took_the_row_away() {
    Firing firing = database.fireNow(database.storedNoop());
    database.complete(success(firing));

    database.complete(failure(firing));
    assertThat(database.execution("state", firing.id())).isEqualTo("SUCCEEDED");

    database.transaction(
        c -> Sql.update(c, "DELETE FROM execution WHERE id = ?", firing.id().value()));
    database.complete(failure(firing));
    assertThat(database.execution("state, attempt", firing.id())).isEqualTo("FAILED 1");
  }

  @Test
  void an_outcome_of_an_attempt_that_another_node_makes_now_is_not_taken() {
    Firing lost = database.fireNow(database.storedNoop());
    Firing now = database.again(database.handBack(lost, Reasons.NODE_LOST).get(0), "b-1");

    database.complete(failure(lost));

    assertThat(database.execution("state, node", now.id())).isEqualTo("RUNNING b-1");
  }

  @Test
  void a_failure_of_a_job_that_was_cancelled_meanwhile_is_not_retried() {
    Firing firing = database.fireNow(database.storedNoop());
    database.cancelJob(firing);

    database.complete(retry(firing));

    assertThat(database.execution("state, reason, finished_at, http_status", firing.id()))
        .isEqualTo("CANCELLED CANCELLED " + FINISHED + " 503");
  }

  @Test
  void cancelling_ends_what_waits_and_leaves_what_runs_or_is_over() {
    JobId job = database.storedNoop();
    Firing waiting = database.fireNow(job);
    database.complete(retry(waiting));
    Due second = Due.planned(job, NOON.plusSeconds(60));
    Firing running = database.fire(List.of(second), "a-1").firings().get(second);
    Due third = Due.planned(job, NOON.plusSeconds(120));
    Firing over = database.fire(List.of(third), "a-1").firings().get(third);
    database.complete(success(over));

    database.transaction(
        c -> {
          database.writer.cancelled(c, job, NOON.plusSeconds(200));
          return null;
        });

    assertThat(database.execution("state, finished_at", waiting.id()))
        .isEqualTo("CANCELLED " + NOON.plusSeconds(200).toEpochMilli());
    assertThat(database.execution("state", running.id())).isEqualTo("RUNNING");
    assertThat(database.execution("state", over.id())).isEqualTo("SUCCEEDED");
  }
}
