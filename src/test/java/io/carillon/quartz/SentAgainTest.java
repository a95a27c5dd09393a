package io.carillon.quartz;

import static io.carillon.job.Dedup.Mode.REJECT;
import static io.carillon.job.Dedup.Mode.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met.How;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Creates with keys that are sent again under their own ids, because the node that did them died
 * before it could say so: they are done once, and answered as they were.
 */
@Timeout(60)
class SentAgainTest {
  @AutoClose private static EngineRig rig;
  private static JobScheduler jobs;
  private final String key = Samples.newId().value();

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    jobs = rig.start().jobs();
  }

  private void hasRun(JobId job) {
    await().until(() -> rig.jobOf(job).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(job)).hasSize(1);
  }

  @Test
  void what_has_replaced_a_job_that_has_run_by_now_is_not_run_again() {
    StoredJob first = jobs.create(Keyed.dedup(key, REPLACE));
    Job next = Keyed.dedup(key, REPLACE, null, Samples.now());
    assertThat(jobs.submit(next).met().how()).isEqualTo(How.REPLACED);
    hasRun(first.id());

    Created again = jobs.submit(next);

    assertThat(again.met().how()).isEqualTo(How.REPLACED);
    assertThat(again.met().job().id()).isEqualTo(first.id());
    assertThat(again.met().job().version()).isEqualTo(2);
    assertThat(rig.jobOf(next.id())).isEmpty();
  }

  @Test
  void what_has_put_off_a_job_that_has_run_by_now_is_not_run_again() {
    StoredJob first = jobs.create(Keyed.debounced(key, Duration.ofHours(1)));
    Job next = Keyed.debounced(key, Duration.ofMillis(100));
    assertThat(jobs.submit(next).met().how()).isEqualTo(How.POSTPONED);
    hasRun(first.id());

    Created again = jobs.submit(next);

    assertThat(again.met().how()).isEqualTo(How.POSTPONED);
    assertThat(again.met().job().id()).isEqualTo(first.id());
    assertThat(rig.jobOf(next.id())).isEmpty();
  }

  @Test
  void of_one_key_in_a_batch_the_last_counts_the_second_time_as_well() {
    StoredJob first = jobs.create(Keyed.dedup(key, REPLACE));
    List<Job> batch =
        List.of(
            Samples.renamed(Keyed.dedup(key, REPLACE), "one"),
            Samples.renamed(Keyed.dedup(key, REPLACE), "two"));
    jobs.createAll(batch, false);

    jobs.createAll(batch, false);

    assertThat(rig.one("SELECT name FROM job WHERE id = ?", first.id().value())).isEqualTo("two");
  }

  @Test
  void a_job_that_is_stored_is_not_refused_because_another_has_its_key_by_now() {
    Job first = Keyed.dedup(key, REJECT, null, Samples.now());
    jobs.create(first);
    hasRun(first.id());
    jobs.create(Keyed.dedup(key, REJECT));

    assertThatThrownBy(() -> jobs.submit(first)).isInstanceOf(JobExists.class);
  }

  @Test
  void nobody_is_told_that_nothing_was_stored_when_a_part_was() {
    TransactionMeter meter = new TransactionMeter();
    List<Job> batch = IntStream.range(0, 30).mapToObj(i -> Keyed.dedup(key + i, REPLACE)).toList();
    try (EngineRig failing = new EngineRig().through(meter::around)) {
      JobScheduler intake = failing.start().jobs();
      meter.failAfterCommit();

      assertThatThrownBy(() -> intake.createAll(batch, false))
          .isInstanceOfSatisfying(
              StoreUnavailable.class, e -> assertThat(e.unknown()).isEqualTo(batch.get(0).id()));
    }
  }
}
