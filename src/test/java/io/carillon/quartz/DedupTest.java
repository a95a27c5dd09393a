package io.carillon.quartz;

import static io.carillon.job.Dedup.Mode.REJECT;
import static io.carillon.job.Dedup.Mode.REPLACE;
import static io.carillon.job.Dedup.Mode.RETURN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.DuplicateJob;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.JobState;
import io.carillon.job.SampleJob;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One job under a key, as long as it has it. */
@Timeout(60)
class DedupTest {
  private static final TransactionMeter METER = new TransactionMeter();
  private static EngineRig rig;
  private static JobScheduler jobs;
  private final String key = Samples.newId().value();

  @BeforeAll
  static void start() {
    rig = new EngineRig().through(METER::around);
    jobs = rig.start().jobs();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static Met met(Created created) {
    assertThat(created.met()).isNotNull();
    return created.met();
  }

  private static String under(String key) {
    return rig.one(
        "SELECT CONCAT(job_id, IF(expires_at IS NULL, '', ' until')) FROM job_key WHERE key_text = ?",
        key);
  }

  @Test
  void another_job_of_the_key_is_refused_and_the_first_is_named() {
    StoredJob first = jobs.create(Keyed.dedup(key, REJECT));
    Job second = Keyed.dedup(key, REJECT);

    Created created = jobs.submit(second);

    assertThat(created.stored()).isNull();
    assertThat(met(created).how()).isEqualTo(Met.How.REJECTED);
    assertThat(met(created).job().id()).isEqualTo(first.id());
    assertThatThrownBy(() -> jobs.create(second))
        .isInstanceOfSatisfying(
            DuplicateJob.class,
            e -> assertThat(e.existing()).isEqualTo(Map.of(second.id(), first.id())));
    assertThat(rig.jobOf(second.id())).isEmpty();
  }

  @Test
  void the_short_form_is_a_key_that_refuses() {
    Job plain = Keyed.dedup("x", REJECT);
    Job first = SampleJob.like(plain).options(Map.of("dedupKey", key)).build();
    jobs.create(first);

    assertThat(met(jobs.submit(Keyed.dedup(key, REJECT))).how()).isEqualTo(Met.How.REJECTED);
    assertThat(Dedup.of(first)).contains(new Dedup(key, null, REJECT));
  }

  @Test
  void keys_are_compared_character_by_character() {
    jobs.create(Keyed.dedup(key, REJECT));
    for (String other : List.of(key + " ", key.toUpperCase(), " " + key, key + "é", key + "e")) {
      assertThat(jobs.submit(Keyed.dedup(other, REJECT)).stored()).as(other).isNotNull();
    }
  }

  @Test
  void the_first_is_the_answer_where_that_is_asked_for() {
    StoredJob first = jobs.create(Keyed.dedup(key, RETURN));

    Created again = jobs.submit(Keyed.dedup(key, RETURN));

    assertThat(met(again)).isEqualTo(new Met(Met.How.RETURNED, met(again).job()));
    assertThat(met(again).job().id()).isEqualTo(first.id());
    assertThat(met(again).job().version()).isEqualTo(1);
    assertThat(jobs.create(Keyed.dedup(key, RETURN)).id()).isEqualTo(first.id());
  }

  @Test
  void the_first_takes_the_definition_of_the_next_as_long_as_it_waits() {
    StoredJob first = jobs.create(Keyed.dedup(key, REPLACE));
    Job next =
        Samples.renamed(
            Keyed.dedup(key, REPLACE, Duration.ofDays(1), Samples.in(Duration.ofHours(2))), "next");

    Created created = jobs.submit(next);

    StoredJob replaced = met(created).job();
    assertThat(met(created).how()).isEqualTo(Met.How.REPLACED);
    assertThat(replaced.id()).isEqualTo(first.id());
    assertThat(replaced.job().name()).isEqualTo("next");
    assertThat(replaced.version()).isEqualTo(2);
    assertThat(replaced.nextFireTime()).isAfter(first.nextFireTime().plusSeconds(3_000));
    assertThat(under(key)).isEqualTo(first.id().value() + " until");
    assertThat(rig.jobOf(next.id())).isEmpty();
  }

  @Test
  void what_has_begun_is_left_alone_and_another_job_takes_the_key() {
    StoredJob first = jobs.create(Keyed.dedup(key, REPLACE, Duration.ofHours(1), Samples.now()));
    await().until(() -> rig.jobOf(first.id()).equals("COMPLETED"));

    Created second = jobs.submit(Keyed.dedup(key, REPLACE));

    assertThat(second.met()).isNull();
    assertThat(under(key)).isEqualTo(second.id().value());
  }

  @Test
  void a_key_without_a_time_is_free_when_its_job_is_finished() {
    StoredJob first = jobs.create(Keyed.dedup(key, REJECT, null, Samples.now()));
    await().until(() -> rig.jobOf(first.id()).equals("COMPLETED"));

    assertThat(jobs.submit(Keyed.dedup(key, REJECT)).stored()).isNotNull();
  }

  @Test
  void a_key_with_a_time_is_kept_for_so_long_even_if_its_job_is_finished() {
    StoredJob first = jobs.create(Keyed.dedup(key, RETURN, Duration.ofHours(1), Samples.now()));
    await().until(() -> rig.jobOf(first.id()).equals("COMPLETED"));

    Created again = jobs.submit(Keyed.dedup(key, RETURN));
    assertThat(met(again).job().id()).isEqualTo(first.id());
    assertThat(met(again).job().state()).isEqualTo(JobState.COMPLETED);

    rig.update("UPDATE job_key SET expires_at = 1 WHERE key_text = ?", key);
    assertThat(jobs.submit(Keyed.dedup(key, RETURN)).stored()).isNotNull();
  }

  @Test
  void a_key_whose_time_is_over_is_free_though_its_job_still_waits() {
    StoredJob first =
        jobs.create(
            Keyed.dedup(key, REJECT, Duration.ofMillis(1), Samples.in(Duration.ofHours(1))));
    await().pollDelay(Duration.ofMillis(10)).until(() -> true);

    assertThat(jobs.submit(Keyed.dedup(key, REJECT)).stored()).isNotNull();
    assertThat(rig.jobOf(first.id())).isEqualTo("ACTIVE");
  }

  @Test
  void a_cancelled_job_has_let_go_of_its_key() {
    StoredJob first =
        jobs.create(Keyed.dedup(key, REJECT, Duration.ofDays(1), Samples.in(Duration.ofHours(1))));
    jobs.cancel(first.id(), OptionalLong.empty(), false);

    assertThat(jobs.submit(Keyed.dedup(key, REJECT)).stored()).isNotNull();
  }

  @Test
  void a_batch_is_decided_in_its_order_and_each_is_told() {
    StoredJob there = jobs.create(Keyed.dedup(key, RETURN));
    Job first = Keyed.dedup(key + "b", REPLACE);
    Job next = Samples.renamed(Keyed.dedup(key + "b", REPLACE), "next");
    Job refused = Keyed.dedup(key + "b", REJECT);
    Job met = Keyed.dedup(key, RETURN);
    Job plain = Samples.renamed(Keyed.dedup(key + "c", RETURN), "plain");

    List<Created> created = jobs.createAll(List.of(first, next, refused, met, plain), false);

    assertThat(created)
        .extracting(Created::id)
        .containsExactly(first.id(), next.id(), refused.id(), met.id(), plain.id());
    assertThat(created)
        .extracting(one -> one.met() == null ? null : one.met().how())
        .containsExactly(null, Met.How.REPLACED, Met.How.REJECTED, Met.How.RETURNED, null);
    assertThat(created.get(0).stored().job().name()).isEqualTo("next");
    assertThat(met(created.get(2)).job().id()).isEqualTo(first.id());
    assertThat(met(created.get(3)).job().id()).isEqualTo(there.id());
    assertThat(rig.one("SELECT name FROM job WHERE id = ?", first.id().value())).isEqualTo("next");
    assertThat(rig.jobOf(next.id()) + rig.jobOf(refused.id()) + rig.jobOf(met.id())).isEmpty();
  }

  @Test
  void a_refused_job_refuses_an_atomic_batch_and_all_of_them_are_named() {
    StoredJob there = jobs.create(Keyed.dedup(key, REJECT));
    Job one = Keyed.dedup(key, REJECT);
    Job other = Keyed.dedup(key, REJECT);
    Job good = Keyed.dedup(key + "g", REJECT);

    assertThatThrownBy(() -> jobs.createAll(List.of(good, one, other), true))
        .isInstanceOfSatisfying(
            DuplicateJob.class,
            e ->
                assertThat(e.existing())
                    .isEqualTo(Map.of(one.id(), there.id(), other.id(), there.id())));
    assertThat(rig.jobOf(good.id())).isEmpty();
    assertThat(under(key + "g")).isEmpty();
  }

  @Test
  void a_batch_with_keys_takes_two_statements_more_and_one_more_if_some_are_held() {
    List<Job> fresh = IntStream.range(0, 300).mapToObj(i -> Keyed.dedup(key + i, RETURN)).toList();
    METER.take();
    jobs.createAll(fresh, false);
    // lock row, keys, jobs, JobDetails, triggers, simple triggers, keys
    assertThat(METER.take()).contains(7L);

    jobs.createAll(
        IntStream.range(150, 450).mapToObj(i -> Keyed.dedup(key + i, RETURN)).toList(), false);
    assertThat(METER.take()).contains(8L);
  }

  @Test
  void a_put_under_an_id_of_its_own_does_not_take_the_key_of_another() {
    StoredJob there = jobs.create(Keyed.dedup(key, REPLACE));
    Job put = Keyed.dedup(key, RETURN);

    assertThatThrownBy(() -> jobs.put(put, false, OptionalLong.empty()))
        .isInstanceOf(DuplicateJob.class);

    Job other = jobs.create(Keyed.dedup(key + "o", REJECT)).job();
    Job moved = SampleJob.like(other).options(put.options()).build();
    assertThatThrownBy(() -> jobs.change(other.id(), OptionalLong.empty(), any -> moved))
        .isInstanceOf(DuplicateJob.class);
    assertThat(under(key)).isEqualTo(there.id().value());
  }

  @Test
  void a_put_moves_a_job_from_its_key_to_another() {
    Job job = jobs.create(Keyed.dedup(key, REJECT)).job();
    Job moved = SampleJob.like(job).options(Keyed.dedup(key + "m", REJECT).options()).build();

    jobs.put(moved, false, OptionalLong.empty());

    assertThat(jobs.submit(Keyed.dedup(key, REJECT)).stored()).isNotNull();
    assertThat(met(jobs.submit(Keyed.dedup(key + "m", REJECT))).job().id()).isEqualTo(job.id());
  }

  @Test
  void a_job_that_comes_to_life_again_needs_its_key() {
    Job first = jobs.create(Keyed.dedup(key, REJECT)).job();
    jobs.cancel(first.id(), OptionalLong.empty(), false);
    StoredJob second = jobs.create(Keyed.dedup(key, REJECT));

    assertThatThrownBy(() -> jobs.put(first, false, OptionalLong.empty()))
        .isInstanceOf(DuplicateJob.class);

    jobs.cancel(second.id(), OptionalLong.empty(), false);
    assertThat(jobs.put(first, false, OptionalLong.empty()).stored().state())
        .isEqualTo(JobState.ACTIVE);
    assertThat(under(key)).isEqualTo(first.id().value());
  }
}
