package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Plans of jobs that were damaged by SQL: each is put right, and nothing runs twice. */
class DamagedPlansTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(15);
  @AutoClose private final EngineRig rig = new EngineRig().withQuickPace();

  @Test
  void a_waiting_job_that_was_damaged_fires_once_for_the_instant_it_was_planned_for() {
    Engine engine = rig.start();
    Map<Damage, JobId> jobs = new LinkedHashMap<>();
    Map<Damage, String> planned = new LinkedHashMap<>();
    for (Damage damage : Damage.all()) {
      JobId id = newId();
      jobs.put(damage, id);
      engine.jobs().create(job(id, Samples.in(Duration.ofSeconds(5)), RetryPolicy.none()));
      planned.put(damage, nextOf(id));
      damage.hand().accept(rig, id.value());
    }

    jobs.forEach(
        (damage, id) ->
            await(damage.name())
                .atMost(PATIENCE)
                .until(() -> rig.executionOf(id).equals("SUCCEEDED 1") && isOver(id)));

    jobs.forEach(
        (damage, id) ->
            assertThat(rig.target.arrivalsOf(id))
                .as(damage.name())
                .extracting(firing -> Long.toString(firing.scheduledAt().toEpochMilli()))
                .containsExactly(planned.get(damage)));
    assertThat(rig.healed())
        .containsKeys(Damage.all().stream().map(Damage::kind).toArray(String[]::new));
  }

  @Test
  void a_recurring_job_that_was_damaged_misses_no_instant() {
    Engine engine = rig.start();
    Duration every = Duration.ofSeconds(2);
    Map<Damage, JobId> jobs = new LinkedHashMap<>();
    for (Damage damage : Damage.all()) {
      JobId id = newId();
      jobs.put(damage, id);
      engine.jobs().create(job(id, new Schedule.FixedRate(every, Limits.NONE), RetryPolicy.none()));
    }
    // A run that ends without its job's trigger would end the job: that is no state to be found.
    await()
        .atMost(SOON)
        .until(() -> rig.target.arrivals().size() >= jobs.size() && engine.inFlight() == 0);
    jobs.forEach((damage, id) -> damage.hand().accept(rig, id.value()));
    Instant damaged = Instant.now();

    jobs.forEach(
        (damage, id) ->
            await(damage.name())
                .atMost(PATIENCE)
                .until(
                    () ->
                        latest(id)
                            .map(each -> each.isAfter(damaged.plusSeconds(8)))
                            .orElse(false)));

    jobs.forEach(
        (damage, id) -> {
          List<Instant> instants =
              rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).toList();
          assertThat(instants)
              .as(damage.name())
              .containsExactlyElementsOf(
                  Stream.iterate(instants.get(0), each -> each.plus(every))
                      .limit(instants.size())
                      .toList());
        });
  }

  private Optional<Instant> latest(JobId id) {
    return rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).max(Instant::compareTo);
  }

  private boolean isOver(JobId id) {
    return rig.jobOf(id).equals("COMPLETED")
        && rig.one("SELECT COUNT(*) FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id.value())
            .equals("0");
  }

  private String nextOf(JobId id) {
    return rig.one("SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value());
  }
}
