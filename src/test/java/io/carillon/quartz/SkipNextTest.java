package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.cron.DstPolicy;
import io.carillon.execution.Firing;
import io.carillon.job.JobExceptions.NothingPlanned;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Skipped;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The next planned instants of a job are not run, and its history says so. */
class SkipNextTest {
  private static final int JOBS = 40;
  private static final int APART = 25;
  private static final int INSTANTS = 5;

  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void open() {
    rig = new EngineRig();
    engine = rig.start();
  }

  private static StoredJob create(Schedule schedule) {
    return engine.jobs().create(Samples.job(newId(), schedule, RetryPolicy.none()));
  }

  private static Schedule everySecond() {
    return new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE);
  }

  /** What the history has of a job, such as {@code SKIPPED SKIP_REQUESTED 0 no need}. */
  private static List<String> history(JobId id) {
    return rig.query(
        """
        SELECT CONCAT_WS(' ', state, reason, attempt, error) FROM execution
        WHERE job_id = ? ORDER BY id
        """,
        row -> row.getString(1),
        id.value());
  }

  @Test
  void the_trigger_moves_past_the_skipped_instants_and_the_history_has_them() {
    Schedule hourly =
        new Schedule.Cron(
            "0 0 * * * ?",
            "0 0 * * * ?",
            "QUARTZ",
            ZoneOffset.UTC,
            DstPolicy.BY_RHYTHM,
            Limits.NONE);
    StoredJob job = create(hourly);
    Instant first = job.nextFireTime();

    Skipped skipped = engine.jobs().skipNext(job.id(), 2, "no need");

    assertThat(skipped.instants()).containsExactly(first, first.plusSeconds(3600));
    assertThat(skipped.stored().nextFireTime()).isEqualTo(first.plusSeconds(7200));
    assertThat(skipped.stored().runs()).isZero();
    assertThat(skipped.stored().lastScheduledAt()).isEqualTo(first.plusSeconds(3600));
    assertThat(history(job.id()))
        .containsExactly("SKIPPED SKIP_REQUESTED 0 no need", "SKIPPED SKIP_REQUESTED 0 no need");
    assertThat(
            rig.one(
                "SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?",
                job.id().value()))
        .isEqualTo(Long.toString(first.plusSeconds(7200).toEpochMilli()));
  }

  @Test
  void a_job_goes_on_after_what_was_skipped() {
    StoredJob job = create(everySecond());
    Instant first = job.nextFireTime();

    engine.jobs().skipNext(job.id(), 1, null);

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(job.id()).size() == 2);
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);
    assertThat(rig.target.arrivalsOf(job.id()))
        .extracting(Firing::scheduledAt)
        .startsWith(first.plusSeconds(1), first.plusSeconds(2));
  }

  @Test
  void a_job_that_was_to_run_once_is_completed() {
    StoredJob job = create(Samples.in(Duration.ofHours(1)));

    Skipped skipped = engine.jobs().skipNext(job.id(), 3, null);

    assertThat(skipped.instants()).hasSize(1);
    assertThat(skipped.stored().state()).isEqualTo(JobState.COMPLETED);
    assertThat(history(job.id())).containsExactly("SKIPPED SKIP_REQUESTED 0");
    assertThat(rig.triggerOf(job.id())).isEmpty();
    assertThatThrownBy(() -> engine.jobs().skipNext(job.id(), 1, null))
        .isInstanceOf(NothingPlanned.class);
  }

  @Test
  void a_paused_job_that_was_to_run_once_is_completed_too() {
    StoredJob job = create(Samples.in(Duration.ofHours(1)));
    engine.jobs().pause(job.id(), null, null);

    assertThat(engine.jobs().skipNext(job.id(), 1, null).stored().state())
        .isEqualTo(JobState.COMPLETED);
  }

  @Test
  void the_last_instant_before_the_end_completes_the_job() {
    Instant start = Instant.ofEpochMilli(Instant.now().plusSeconds(3600).toEpochMilli());
    StoredJob job =
        create(
            new Schedule.FixedRate(
                Duration.ofHours(1), Limits.between(start, start.plusSeconds(5400))));

    Skipped skipped = engine.jobs().skipNext(job.id(), 100, null);

    assertThat(skipped.instants()).containsExactly(start, start.plusSeconds(3600));
    assertThat(skipped.stored().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void a_fixed_delay_moves_by_one_interval() {
    StoredJob job = create(new Schedule.FixedDelay(Duration.ofHours(1), Limits.NONE));

    Skipped skipped = engine.jobs().skipNext(job.id(), 1, null);

    assertThat(skipped.instants()).containsExactly(job.nextFireTime());
    assertThat(skipped.stored().nextFireTime()).isEqualTo(job.nextFireTime().plusSeconds(3600));
  }

  @Test
  void a_fixed_delay_goes_on_after_what_was_skipped() {
    StoredJob job = create(new Schedule.FixedDelay(Duration.ofSeconds(1), Limits.NONE));

    engine.jobs().skipNext(job.id(), 1, null);

    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(job.id()).size() >= 2);
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);
  }

  @Test
  void a_paused_job_skips_the_first_instant_that_it_would_run() {
    StoredJob job = create(everySecond());
    engine.jobs().pause(job.id(), null, null);
    await().pollDelay(Duration.ofMillis(1500)).until(() -> true);

    Skipped skipped = engine.jobs().skipNext(job.id(), 2, null);
    Skipped more = engine.jobs().skipNext(job.id(), 1, null);
    engine.jobs().resume(job.id());

    assertThat(skipped.stored().nextFireTime()).isNull();
    assertThat(skipped.instants().get(0)).isAfter(Instant.now().minusSeconds(3));
    assertThat(more.instants().get(0)).isAfter(skipped.instants().get(1));
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(job.id()).size() >= 2);
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);
    List<Instant> never = new ArrayList<>(skipped.instants());
    never.addAll(more.instants());
    assertThat(rig.target.arrivalsOf(job.id()))
        .extracting(Firing::scheduledAt)
        .doesNotContainAnyElementsOf(never);
  }

  @Test
  void a_new_schedule_begins_after_what_was_skipped() {
    StoredJob job = create(new Schedule.FixedRate(Duration.ofHours(1), Limits.NONE));
    Instant skipped = engine.jobs().skipNext(job.id(), 1, null).instants().get(0);

    StoredJob changed =
        engine
            .jobs()
            .change(
                job.id(),
                OptionalLong.empty(),
                old ->
                    Samples.job(
                        job.id(),
                        new Schedule.FixedRate(Duration.ofMinutes(7), Limits.NONE),
                        RetryPolicy.none()));

    assertThat(changed.nextFireTime()).isAfter(skipped);
  }

  @Test
  void a_cancelled_job_has_nothing_to_skip() {
    StoredJob job = create(everySecond());
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);

    assertThatThrownBy(() -> engine.jobs().skipNext(job.id(), 1, null))
        .isInstanceOf(WrongState.class);
  }

  @Test
  void no_instant_is_both_run_and_skipped_however_close_the_two_are() {
    Engine other = rig.start();
    Instant start = Instant.ofEpochMilli(Instant.now().plusMillis(2_000).toEpochMilli());
    List<JobId> jobs = new ArrayList<>();
    for (int n = 0; n < JOBS; n++) {
      Instant first = start.plusMillis(n * APART);
      Limits limits = Limits.between(first, first.plusSeconds(INSTANTS - 1));
      jobs.add(create(new Schedule.FixedRate(Duration.ofSeconds(1), limits)).id());
    }
    Set<String> skipped = new HashSet<>();
    for (int round = 0; Instant.now().isBefore(start.plusSeconds(INSTANTS)); round++) {
      // The one that is due about now.
      long since = Math.max(0, Duration.between(start, Instant.now()).toMillis());
      JobId id = jobs.get((int) (since % 1_000 / APART));
      try {
        (round % 2 == 0 ? engine : other)
            .jobs()
            .skipNext(id, 1, null)
            .instants()
            .forEach(at -> assertThat(skipped.add(id.value() + at)).as("skipped twice").isTrue());
      } catch (NothingPlanned over) {
        assertThat(rig.target.arrivalsOf(id).size()).as("over").isLessThan(INSTANTS + 1);
      }
    }
    jobs.forEach(id -> await().atMost(PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED")));

    assertThat(skipped).hasSizeGreaterThan(20);
    for (JobId id : jobs) {
      List<String> run =
          rig.target.arrivalsOf(id).stream().map(f -> id.value() + f.scheduledAt()).toList();
      assertThat(run).doesNotHaveDuplicates().doesNotContainAnyElementsOf(skipped);
      long ofThis = skipped.stream().filter(text -> text.startsWith(id.value())).count();
      assertThat(run.size() + ofThis).as("each instant once").isEqualTo(INSTANTS);
    }
  }
}
