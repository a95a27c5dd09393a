package io.carillon.history;

import static io.carillon.history.RetentionRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Finished jobs are kept as long as their history, and go with it. */
class FinishedJobsTest {
  @AutoClose private final RetentionRig rig = new RetentionRig();

  @Test
  void finished_jobs_go_with_their_last_execution() {
    rig.partitions.runOnce();
    JobId gone = rig.finished("CANCELLED", START);
    JobId young = rig.finished("COMPLETED", START.plus(Duration.ofDays(10)));
    JobId withHistory = rig.finished("COMPLETED", START);
    rig.execution(withHistory, START.plus(Duration.ofDays(6)), ExecutionState.SUCCEEDED);
    JobId active = rig.recurring();
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
                SELECT namespace, id, 1, 1, spec, created_at FROM job
                """));
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO job_calendar (namespace, job_id, name)
                SELECT namespace, id, 'holidays' FROM job
                """));
    rig.now = START.plus(Duration.ofDays(32));

    assertThat(rig.retention.runOnce().jobs()).isEqualTo(1);

    for (String table : List.of("job", "job_version")) {
      assertThat(rig.database.rows("id", table))
          .as(table)
          .containsExactlyInAnyOrder(young.value(), withHistory.value(), active.value());
    }
    assertThat(rig.database.rows("job_id", "job_calendar"))
        .containsExactlyInAnyOrder(young.value(), withHistory.value(), active.value());
    assertThat(rig.database.rows("job_id", "job_label"))
        .containsExactlyInAnyOrder(young.value(), withHistory.value());
    assertThat(gone).isNotNull();
    rig.now = START.plus(Duration.ofDays(38));
    assertThat(rig.retention.runOnce().jobs()).as("its execution went first").isEqualTo(1);
  }

  @Test
  void a_job_that_is_being_changed_stays() throws SQLException {
    JobId job = rig.finished("COMPLETED", START);
    rig.now = START.plus(Duration.ofDays(32));
    try (Connection other = rig.database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      rig.database.writer.lockJobs(other, List.of(job));
      assertThat(rig.retention.runOnce().jobs()).isZero();
      other.rollback();
    }

    assertThat(rig.retention.runOnce().jobs()).isEqualTo(1);
  }

  @Test
  void many_finished_jobs_go_in_one_run() {
    List<Job> jobs =
        IntStream.range(0, 1100)
            .mapToObj(i -> HistoryDatabase.noop(new JobId("n" + i % 3, "job-" + i)))
            .toList();
    rig.database.transaction(c -> rig.database.insert(c, jobs, START));
    rig.database.transaction(
        c -> Sql.update(c, "UPDATE job SET state = 'COMPLETED', finished_at = ?", START));
    rig.now = START.plus(Duration.ofDays(32));

    assertThat(rig.retention.runOnce().jobs()).isEqualTo(1100);
  }
}
