package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.harness.Gates;
import io.carillon.job.Job;
import io.carillon.job.SampleJob;
import io.carillon.quartz.LostCommits.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that fire and whose connection is killed: what they fired is called, once. */
@Timeout(60)
class LostFiringTest {
  /** Rows of a node that it has no worker for are handed back after five seconds. */
  private static final Duration LOOKED_FOR_WORKERS = Duration.ofMillis(6_500);

  private final LostCommits commits = new LostCommits();
  @AutoClose private final EngineRig rig = new EngineRig().through(commits::around);

  /** Not as a call that is repeated after a while, either. */
  @ParameterizedTest
  @EnumSource
  void what_is_due_is_called_at_the_first_attempt_wherever_its_transaction_is_lost(Ending ending) {
    List<Job> jobs = Stream.generate(() -> job().build()).limit(20).toList();

    fireAndLose(jobs, ending);

    assertThat(rig.target.arrivals())
        .extracting(firing -> firing.job().id())
        .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
    assertThat(rig.target.arrivals()).allMatch(firing -> firing.attempt() == 1);
    assertThat(rig.target.arrivals()).noneMatch(Firing::recovered);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_held_is_called_at_the_first_attempt_wherever_its_transaction_is_lost(
      Ending ending) {
    Job ordered = job().options(Map.of("fifoKey", "customer-7")).build();

    fireAndLose(List.of(ordered), ending);

    assertThat(rig.target.arrivals()).hasSize(1);
    assertThat(rig.target.arrivals().get(0).attempt()).isEqualTo(1);
    assertThat(rig.one("SELECT COUNT(*) FROM permit")).isEqualTo("0");
  }

  private void fireAndLose(List<Job> jobs, Ending ending) {
    Engine engine = rig.start();
    commits.loseWhere(LostCommits.FIRES, ending);

    engine.jobs().createAll(jobs, false);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(rig.query("SELECT state FROM execution", row -> row.getString(1)))
                    .hasSize(jobs.size())
                    .containsOnly("SUCCEEDED"));
    assertThat(commits.lost()).isEqualTo(1);
  }

  /** What the others took over while the answer was lost is theirs. */
  @Test
  void what_was_taken_over_meanwhile_is_not_called_beside() {
    Engine engine = rig.start();
    Job job = job().build();
    commits.loseWhere(
        LostCommits.FIRES,
        Ending.COMMITTED,
        () -> rig.update("UPDATE QRTZ_FIRED_TRIGGERS SET INSTANCE_NAME = 'nobody.1'"));

    engine.jobs().createAll(List.of(job), false);

    // Its owner has no row: it is called again.
    await().atMost(PATIENCE).until(() -> rig.executionOf(job.id()).equals("SUCCEEDED 2"));
    assertThat(rig.target.arrivals()).hasSize(1);
    assertThat(rig.target.arrivals().get(0).attempt()).isEqualTo(2);
  }

  /** As on a machine that stands still between a commit and the note of what it has fired. */
  @Test
  void what_is_not_noted_for_long_after_its_commit_is_not_taken_for_rows_without_a_worker() {
    Engine engine = rig.start();
    Job job = job().build();
    CountDownLatch wakes = new CountDownLatch(1);
    commits.loseWhere(LostCommits.FIRES, Ending.COMMITTED, () -> Gates.pass(wakes));

    engine.jobs().createAll(List.of(job), false);
    await().atMost(PATIENCE).until(() -> commits.lost() == 1);
    await().pollDelay(LOOKED_FOR_WORKERS).until(() -> true);
    wakes.countDown();

    await().atMost(PATIENCE).until(() -> rig.executionOf(job.id()).equals("SUCCEEDED 1"));
    assertThat(rig.target.arrivals()).hasSize(1);
  }

  private static SampleJob job() {
    return SampleJob.noop(Samples.newId(), Samples.now());
  }
}
