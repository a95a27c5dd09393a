package io.carillon.history;

import static io.carillon.history.RetentionRig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Finished jobs go as fast as they come, whatever stands before them. */
class ManyFinishedJobsTest {
  /** Two digits, so that a product of them stays below every bound of recursion. */
  private static final String NUMBERS =
      """
      FROM (WITH RECURSIVE n AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 109)
        SELECT i FROM n) AS a
      CROSS JOIN (WITH RECURSIVE n AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 99)
        SELECT i FROM n) AS b""";

  private static final int MANY = 11_000;

  @AutoClose private final RetentionRig rig = new RetentionRig();

  private void finished(String prefix) {
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO job (namespace, id, queue, priority, origin, state, generation,
                  version, spec, created_at, updated_at, finished_at)
                SELECT 'default', CONCAT(?, a.i * 100 + b.i), 'default', 5, 'CANONICAL',
                  'COMPLETED', 1, 1, '{}', ?, ?, ? + b.i
                """
                    + NUMBERS,
                prefix,
                START,
                START,
                START));
  }

  @Test
  void more_jobs_go_in_an_hour_than_a_busy_server_finishes_in_a_minute() {
    finished("job-");
    rig.now = START.plus(Duration.ofDays(32));

    assertThat(rig.retention.runOnce().jobs()).isEqualTo(MANY);
    assertThat(rig.database.rows("id", "job")).isEmpty();
  }

  @Test
  void jobs_that_are_kept_for_their_letters_are_in_nobodys_way() {
    finished("a-");
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO dead_letter (namespace, execution_id, scheduled_at, died_at, job_id,
                  generation, queue, attempt)
                SELECT 'default', CONCAT('x', a.i * 100 + b.i), 0, ?, CONCAT('a-', a.i * 100 + b.i),
                  1, 'default', 1
                """
                    + NUMBERS,
                START.plus(Duration.ofDays(20))));
    rig.finished("COMPLETED", START.plusSeconds(60));
    rig.now = START.plus(Duration.ofDays(32));

    assertThat(rig.retention.runOnce().jobs()).isEqualTo(1);
  }

  @Test
  void a_turn_is_short_and_the_next_ones_go_on_where_it_ended() {
    finished("job-");
    Duration month = Duration.ofDays(30);
    Retention hurried = rig.keeping(month, month, Duration.ofNanos(1));
    rig.now = START.plus(Duration.ofDays(32));
    hurried.runOnce();
    assertThat(rig.database.rows("id", "job")).isNotEmpty();

    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              hurried.goOn();
              return rig.database.rows("id", "job").isEmpty();
            });
    await().until(() -> !hurried.goOn().ran());
  }
}
