package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Instants that a client does not want. */
class SkippedRowsTest {
  private static final Instant LATER = NOON.plusSeconds(60);

  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  private final JobId id =
      database.stored(HistoryDatabase.everyMinute(HistoryDatabase.anyId(), Limits.NONE));

  private List<Instant> skip(Instant... instants) {
    return database.transaction(
        c -> {
          StoredJob job = database.writer.lockJobs(c, Set.of(id)).get(id);
          return database.writer.skipped(c, job, List.of(instants), "no need", NOON);
        });
  }

  @Test
  void a_skipped_instant_is_an_execution_that_was_never_attempted() {
    assertThat(skip(NOON, LATER)).containsExactly(NOON, LATER);

    ExecutionId first = ExecutionId.planned(id, 1, NOON);
    assertThat(database.execution("state, reason, attempt, error, finished_at", first))
        .isEqualTo("SKIPPED SKIP_REQUESTED 0 no need " + NOON.toEpochMilli());
    ExecutionQueries queries = new ExecutionQueries(database.dataSource());
    Execution shown = queries.find("default", first).orElseThrow();
    assertThat(shown.state()).isEqualTo(ExecutionState.SKIPPED);
    assertThat(shown.startedAt()).isNull();
    assertThat(queries.attempts("default", first)).isEmpty();
  }

  @Test
  void it_is_not_fired_and_counts_as_no_run() {
    skip(NOON);

    assertThat(database.fire(List.of(Due.planned(id, NOON)), "a-1").firings()).isEmpty();
    assertThat(database.row("runs, last_scheduled_at", "job WHERE id = ?", id.value()))
        .isEqualTo("0 " + NOON.toEpochMilli());
  }

  @Test
  void what_was_fired_or_skipped_before_is_left_alone() {
    database.fireNow(id);
    skip(LATER);

    assertThat(skip(NOON, LATER, LATER.plusSeconds(60))).containsExactly(LATER.plusSeconds(60));
    assertThat(database.execution("state", ExecutionId.planned(id, 1, NOON))).isEqualTo("RUNNING");
  }
}
