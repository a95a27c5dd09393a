package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.DeadLetters;
import io.carillon.execution.DeadLetters.Letter;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Outcome;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What failed for good is a dead letter: found, and purged. */
@Timeout(60)
class DeadLettersTest extends LettersCase {
  @Test
  void what_fails_for_good_is_a_letter_with_its_last_answer_and_what_is_retried_is_not_yet() {
    JobId id = create(RetryPolicy.fixed(2, Duration.ofMillis(300)));
    await().until(() -> rig.executionOf(id).equals("RETRYING 1"));
    assertThat(letters.select(ALL, 10)).isEmpty();

    ExecutionId dead = dead(1).get(0);

    Letter letter = letters.find(HERE, dead).orElseThrow();
    assertThat(letter.execution()).isEqualTo(execution(dead));
    assertThat(letter.execution().deadLettered()).isTrue();
    assertThat(letter.execution().reason()).isEqualTo("HTTP_503");
    assertThat(letter.execution().attempt()).isEqualTo(2);
    assertThat(letter.diedAt()).isEqualTo(letter.execution().finishedAt());
  }

  @Test
  void a_poisoned_execution_is_a_letter_and_its_deaths_are_forgiven() {
    rig.target.answers(firing -> new Outcome.Succeeded(200, null));
    JobId id = Samples.newId();
    engine.jobs().create(Samples.job(id, Samples.in(Duration.ofHours(1)), RetryPolicy.none()));
    ExecutionId run =
        ExecutionId.parse(engine.jobs().run(id, Samples.newId().value(), Map.of())).orElseThrow();
    await().until(() -> rig.executionOf(id).equals("SUCCEEDED 1"));
    rig.update(
        "UPDATE execution SET state = 'RUNNING', finished_at = NULL, deaths = 2, node = 'gone.1' WHERE id = ?",
        run.value());
    rig.update(
        """
        INSERT INTO QRTZ_FIRED_TRIGGERS (SCHED_NAME, ENTRY_ID, TRIGGER_NAME, TRIGGER_GROUP,
          INSTANCE_NAME, FIRED_TIME, SCHED_TIME, PRIORITY, STATE, JOB_NAME, JOB_GROUP,
          IS_NONCONCURRENT, REQUESTS_RECOVERY)
        VALUES ('carillon', ?, ?, 'default', 'gone.1', 1, 1, 5, 'EXECUTING', ?, 'default', '0', '1')
        """,
        run.value(),
        "execution/" + run + "/1",
        id.value());

    assertThat(dead(1)).containsExactly(run);
    assertThat(letters.find(HERE, run).orElseThrow().execution().reason()).isEqualTo("POISON");
    redrive(List.of(run), Duration.ZERO);
    await().until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));
    assertThat(rig.one("SELECT deaths FROM execution WHERE id = ?", run.value())).isEqualTo("0");
  }

  @Test
  void letters_are_found_by_job_queue_reason_time_and_label_and_purged() {
    JobId labelled = Samples.newId();
    engine
        .jobs()
        .create(
            SampleJob.noop(labelled, Samples.now())
                .retry(RetryPolicy.none())
                .queue("mail")
                .labels(Map.of("team", "shop"))
                .build());
    create(RetryPolicy.none());
    dead(2);
    Instant later = Instant.now().plusSeconds(5);

    for (DeadLetters.Filter filter :
        List.of(
            new DeadLetters.Filter(HERE, labelled, null, null, null, null, Map.of()),
            new DeadLetters.Filter(HERE, null, "mail", "HTTP_503", null, later, Map.of()),
            new DeadLetters.Filter(HERE, null, null, null, null, null, Map.of("team", "shop")))) {
      assertThat(letters.list(filter, null, 10).items())
          .extracting(letter -> letter.execution().jobId())
          .containsExactly(labelled);
      assertThat(letters.redrivable(filter, 10)).hasSize(1);
    }
    assertThat(
            letters.select(
                new DeadLetters.Filter(HERE, null, null, "TIMEOUT", null, null, Map.of()), 10))
        .isEmpty();
    assertThat(
            letters.select(
                new DeadLetters.Filter(HERE, null, null, null, later, null, Map.of()), 10))
        .isEmpty();
    String cursor = letters.list(ALL, null, 1).nextCursor();
    assertThat(cursor).isNotNull();
    assertThat(letters.list(ALL, cursor, 1).items()).hasSize(1);
    assertThat(letters.list(ALL, cursor, 1).nextCursor()).isNull();

    List<ExecutionId> all = letters.select(ALL, 10);
    assertThat(letters.purge(HERE, all)).isEqualTo(2);
    assertThat(letters.purge(HERE, all)).isZero();
    assertThat(execution(all.get(0)).state()).isEqualTo(ExecutionState.FAILED);
    assertThat(execution(all.get(0)).deadLettered()).isFalse();
  }
}
