package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Creates of one key that become one run, as long as it waits. */
@Timeout(60)
class DebounceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static EngineRig rig;
  private static JobScheduler jobs;
  private final String key = Samples.newId().value();

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    jobs = rig.start().jobs();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void the_first_runs_after_the_wait_and_each_further_one_puts_it_off() {
    Instant begun = Instant.now();
    Created first = jobs.submit(Keyed.debounced(key, HOUR));
    assertThat(first.stored().nextFireTime())
        .isBetween(begun.plus(HOUR).minusMillis(1), Instant.now().plus(HOUR));

    Job next = Samples.renamed(Keyed.debounced(key, HOUR.multipliedBy(2)), "next");
    Created second = jobs.submit(next);

    Met met = second.met();
    assertThat(met.how()).isEqualTo(Met.How.POSTPONED);
    assertThat(met.job().id()).isEqualTo(first.id());
    assertThat(met.job().job().name()).isEqualTo("next");
    assertThat(met.job().nextFireTime())
        .isBetween(begun.plus(HOUR.multipliedBy(2)), Instant.now().plus(HOUR.multipliedBy(2)));
    assertThat(rig.jobOf(second.id())).isEmpty();
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE JOB_NAME = ?", first.id().value()))
        .isEqualTo("1");
  }

  @Test
  void the_same_again_is_put_off_too() {
    Created first = jobs.submit(Keyed.debounced(key, Duration.ofSeconds(1)));
    Instant soon = first.stored().nextFireTime();
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);

    StoredJob again = jobs.create(Keyed.debounced(key, Duration.ofSeconds(1)));

    assertThat(again.nextFireTime()).isAfterOrEqualTo(soon.plusMillis(300));
    await().until(() -> rig.jobOf(first.id()).equals("COMPLETED"));
    assertThat(rig.target.arrivalsOf(first.id())).hasSize(1);
    assertThat(rig.target.arrivalsOf(first.id()).get(0).scheduledAt())
        .isEqualTo(again.nextFireTime());
  }

  @Test
  void what_has_run_is_followed_by_a_job_of_its_own() {
    Created first = jobs.submit(Keyed.debounced(key, Duration.ofMillis(1)));
    await().until(() -> !rig.target.arrivalsOf(first.id()).isEmpty());

    Created second = jobs.submit(Keyed.debounced(key, HOUR));

    assertThat(second.met()).isNull();
    assertThat(jobs.submit(Keyed.debounced(key, HOUR)).met().job().id()).isEqualTo(second.id());
  }

  @Test
  void a_paused_one_stays_paused() {
    Created first = jobs.submit(Keyed.debounced(key, HOUR));
    jobs.pause(first.id(), null, null);

    Met met = jobs.submit(Keyed.debounced(key, HOUR)).met();

    assertThat(met.job().state()).hasToString("PAUSED");
    assertThat(rig.triggerOf(first.id())).isEqualTo("PAUSED");
  }

  @Test
  void of_one_key_in_a_batch_the_last_definition_is_stored_once() {
    List<Job> batch = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      batch.add(Samples.renamed(Keyed.debounced(key, HOUR), "n" + i));
    }

    List<Created> created = jobs.createAll(batch, false);

    Set<String> ids = new HashSet<>();
    created.forEach(one -> ids.add((one.met() == null ? one.id() : one.met().job().id()).value()));
    assertThat(ids).containsExactly(batch.get(0).id().value());
    assertThat(rig.one("SELECT name FROM job WHERE id = ?", ids.iterator().next()))
        .isEqualTo("n59");
  }

  @Test
  void many_keys_are_put_off_in_one_call() {
    List<String> keys = IntStream.range(0, 60).mapToObj(i -> key + i).toList();
    jobs.createAll(keys.stream().map(one -> Keyed.debounced(one, HOUR)).toList(), false);

    List<Created> again =
        jobs.createAll(keys.stream().map(one -> Keyed.debounced(one, HOUR)).toList(), false);

    assertThat(again).allMatch(one -> one.met().how() == Met.How.POSTPONED);
  }
}
