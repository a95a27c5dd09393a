package io.carillon.history;

import static io.carillon.history.Completions.FINISHED;
import static io.carillon.history.Completions.failure;
import static io.carillon.history.Completions.retry;
import static io.carillon.history.Completions.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.Firing;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant.Due;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that come after their execution was handed on: kept as attempts, without effect. */
class StaleAnswersTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  @Test
  void a_stale_answer_is_kept_as_an_attempt_and_changes_no_outcome() {
    Firing lost = database.fireNow(database.storedNoop());
    Firing second = database.again(database.handBack(lost, Reasons.NODE_LOST).get(0), "b-1");
    database.complete(success(second));

    database.stale(failure(lost));

    assertThat(database.execution("state, attempt, node, http_status", lost.id()))
        .isEqualTo("SUCCEEDED 2 b-1 200");
    assertThat(database.attempts("n, node, finished_at, reason, error, counted", lost.id()))
        .containsExactly(
            "1 a-1 " + FINISHED + " STALE no answer within 30 s 0", "2 b-1 " + FINISHED + " 1");
  }

  @Test
  void a_stale_answer_of_an_execution_that_still_waits_is_kept() {
    Firing lost = database.fireNow(database.storedNoop());
    database.handBack(lost, Reasons.NODE_LOST);

    database.stale(success(lost));

    assertThat(database.execution("state", lost.id())).isEqualTo("QUEUED");
    assertThat(database.attempts("reason, http_status, counted", lost.id()))
        .containsExactly("STALE 200 0");
  }

  @Test
  void an_answer_that_was_stored_already_is_not_made_stale_by_being_told_again() {
    Firing once = database.fireNow(database.storedNoop());
    database.complete(success(once));
    Firing retried = database.fireNow(database.storedNoop());
    database.complete(retry(retried));

    database.stale(success(once));
    database.stale(retry(retried));

    assertThat(database.attempts("n", once.id())).isEmpty();
    assertThat(database.attempts("n, reason, counted", retried.id()))
        .containsExactly("1 HTTP_503 1");
    Due due = Due.repeat(retried.id(), retried.job().id(), 2);
    database.fire(List.of(due), "b-1");
    database.stale(retry(retried));
    assertThat(database.attempts("n, reason, counted", retried.id()))
        .containsExactly("1 HTTP_503 1");
  }

  @Test
  void a_stale_answer_without_an_execution_leaves_nothing() {
    Firing firing = database.fireNow(database.storedNoop());
    database.transaction(
        c -> Sql.update(c, "DELETE FROM execution WHERE id = ?", firing.id().value()));

    database.stale(success(firing));

    assertThat(database.attempts("n", firing.id())).isEmpty();
  }
}
