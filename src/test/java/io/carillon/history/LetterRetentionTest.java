package io.carillon.history;

import static io.carillon.history.RetentionRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.JobKeys.Holder;
import io.carillon.execution.JobKeys.Key;
import io.carillon.execution.JobKeys.Kind;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Dead letters are kept by a setting of their own, and keys of jobs as long as they mean something.
 */
class LetterRetentionTest {
  private static final Duration MONTH = Duration.ofDays(30);
  @AutoClose private final RetentionRig rig = new RetentionRig();
  private final DeadLetterRows rows = new DeadLetterRows();

  private ExecutionId letter(JobId job, Instant at) {
    ExecutionId id = rig.execution(job, at, ExecutionState.FAILED);
    rig.database.transaction(
        c -> {
          Sql.update(
              c,
              "UPDATE execution SET finished_at = ?, node = 'a-1', started_at = ? WHERE id = ?",
              at,
              at,
              id.value());
          DeadLetterRows.note(c, List.of(id));
          return id;
        });
    return id;
  }

  @Test
  void a_letter_outlives_the_day_of_its_execution_keeps_its_job_and_can_be_revived() {
    rig.partitions.runOnce();
    JobId job = rig.finished("COMPLETED", START);
    ExecutionId dead = letter(job, START);
    Retention longer = rig.keeping(MONTH, MONTH.multipliedBy(3));
    rig.now = START.plus(Duration.ofDays(40));

    Retention.TakenAway taken = longer.runOnce();

    assertThat(taken.letters()).isZero();
    assertThat(taken.jobs()).isZero();
    assertThat(rig.database.rows("id", "execution")).isEmpty();
    assertThat(rig.database.rows("execution_id", "dead_letter")).containsExactly(dead.value());

    rig.database.transaction(
        c -> {
          assertThat(rows.lock(c, job.namespace(), List.of(dead))).containsOnlyKeys(dead);
          rows.revive(c, job.namespace(), Map.of(dead, rig.now));
          return dead;
        });
    assertThat(rig.database.rows("CONCAT(id, ' ', state, ' ', uncounted)", "execution"))
        .containsExactly(dead.value() + " RETRYING 1");
    assertThat(rig.database.rows("CONCAT(execution_id, ' ', n)", "attempt"))
        .containsExactly(dead.value() + " 1");
    assertThat(rig.database.rows("execution_id", "dead_letter")).isEmpty();
  }

  @Test
  void letters_of_one_kind_are_found_without_a_look_at_all_others() {
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO dead_letter (namespace, execution_id, scheduled_at, died_at, job_id,
                  generation, queue, reason, attempt)
                WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)
                SELECT 'default', CONCAT('x', i), 0, 0, 'j', 1, 'often', 'OFTEN', 1 FROM n
                """));

    assertThat(index(new DeadLetters.Filter("default", null, null, "RARE", null, null, Map.of())))
        .isEqualTo("dead_letter_by_reason");
    assertThat(index(new DeadLetters.Filter("default", null, "rare", null, null, null, Map.of())))
        .isEqualTo("dead_letter_by_queue");
  }

  private String index(DeadLetters.Filter filter) {
    Conditions conditions = DeadLetterQueries.conditions(filter);
    return rig.database.transaction(
        c ->
            Sql.queryOne(
                    c,
                    "EXPLAIN SELECT letter.* %s ORDER BY letter.execution_id DESC LIMIT ?"
                        .formatted(DeadLetterQueries.from(filter, conditions)),
                    row -> row.getString("key"),
                    conditions.values(51).toArray())
                .orElseThrow());
  }

  @Test
  void letters_are_counted_up_to_a_bound() {
    JobId job = rig.finished("COMPLETED", START);
    DeadLetterQueries letters = new DeadLetterQueries(rig.database.dataSource());
    assertThat(letters.count(10)).isZero();
    for (int i = 0; i < 3; i++) {
      letter(job, START.plusSeconds(i));
    }
    assertThat(letters.count(10)).isEqualTo(3);
    assertThat(letters.count(2)).isEqualTo(2);
  }

  @Test
  void a_letter_goes_when_its_time_is_over_and_its_job_with_it() {
    rig.partitions.runOnce();
    JobId job = rig.finished("COMPLETED", START);
    letter(job, START);
    rig.now = START.plus(Duration.ofDays(40));

    Retention.TakenAway taken = rig.retention.runOnce();

    assertThat(taken.letters()).isEqualTo(1);
    assertThat(taken.jobs()).isEqualTo(1);
    assertThat(rig.database.rows("execution_id", "dead_letter")).isEmpty();
  }

  @Test
  void a_letter_is_forgotten_when_its_execution_goes_on_otherwise() {
    ExecutionId dead = letter(rig.recurring(), START);
    ExecutionId other = letter(rig.recurring(), START);

    rig.database.transaction(
        c -> {
          DeadLetterRows.forget(c, dead);
          return dead;
        });

    assertThat(rig.database.rows("execution_id", "dead_letter")).containsExactly(other.value());
  }

  @Test
  void only_keys_that_mean_something_stay() {
    rig.now = START.plus(Duration.ofDays(2));
    JobId active = rig.recurring();
    JobId over = rig.finished("COMPLETED", START);
    JobId justOver = rig.finished("COMPLETED", rig.now.minusSeconds(60));
    JobId cancelled = rig.finished("CANCELLED", START);
    JobId gone = JobId.of("gone");
    Instant past = rig.now.minus(Duration.ofHours(25));
    Instant future = rig.now.plusSeconds(60);
    Map<Key, Holder> keys = new HashMap<>();
    keys.put(key("kept"), new Holder(active, null, active));
    keys.put(key("kept for its time"), new Holder(over, future, over));
    keys.put(key("expired"), new Holder(active, past, active));
    keys.put(key("just expired"), new Holder(active, rig.now.minusSeconds(1), active));
    keys.put(key("over"), new Holder(over, null, over));
    keys.put(key("just over"), new Holder(justOver, null, justOver));
    keys.put(key("cancelled"), new Holder(cancelled, null, cancelled));
    keys.put(key("gone"), new Holder(gone, null, gone));
    rig.database.transaction(
        c -> {
          new JobKeyRows().take(c, keys);
          return keys;
        });

    assertThat(rig.retention.runOnce().keys()).isEqualTo(4);

    assertThat(rig.database.rows("key_text", "job_key"))
        .containsExactlyInAnyOrder("kept", "kept for its time", "just expired", "just over");
  }

  private static Key key(String text) {
    return new Key(JobId.DEFAULT_NAMESPACE, Kind.DEDUP, text);
  }
}
