package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run writes to the database's log, counted by the server: rows that grow in full pages make
 * it log whole pages (docs/adr/0037).
 */
class RedoBudgetTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedoBudgetTest.class);
  private static final int JOBS = 2_000;
  private static final int BATCH = 100;

  @AutoClose private final HistoryDatabase database = new HistoryDatabase();

  @Test
  void a_run_of_a_one_time_job_logs_no_whole_pages() {
    List<JobId> ids =
        IntStream.range(0, JOBS).mapToObj(i -> JobId.of("job-%06d".formatted(i))).toList();
    List<Job> jobs = ids.stream().map(HistoryDatabase::noop).toList();
    database.transaction(connection -> database.insert(connection, jobs, NOON));

    long before = logged();
    for (int from = 0; from < JOBS; from += BATCH) {
      run(ids.subList(from, from + BATCH));
    }
    long bytes = (logged() - before) / JOBS;

    LOG.info("{} bytes of redo log for each run", bytes);
    assertThat(bytes).isBetween(500L, 3_500L);
  }

  private void run(List<JobId> ids) {
    List<Firing> firings =
        List.copyOf(
            database
                .fire(ids.stream().map(id -> Due.planned(id, NOON)).toList(), "a-1")
                .firings()
                .values());
    List<Completion> ends =
        firings.stream()
            .map(
                firing ->
                    completion(
                        firing,
                        new Succeeded(200, null),
                        new Finish(ExecutionState.SUCCEEDED, null)))
            .toList();
    database.transaction(
        connection -> {
          database.writer.completed(connection, ends);
          database.writer.jobsFinished(connection, ids, NOON);
          return null;
        });
  }

  private long logged() {
    return database.transaction(
        connection ->
            Sql.queryOne(
                    connection,
                    "SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'",
                    row -> row.getLong("Value"))
                .orElseThrow());
  }
}
