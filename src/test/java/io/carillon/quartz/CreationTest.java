package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.cron.DstPolicy;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.JobExists;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How jobs come into the tables; statements and commits are counted by the server. */
@Timeout(60)
class CreationTest {
  private static final int CALLERS = 64;
  private static final int JOBS_EACH = 10;

  private final TransactionMeter meter = new TransactionMeter();
  @AutoClose private EngineRig rig;
  private JobScheduler jobs;

  @BeforeEach
  void start() {
    rig = new EngineRig().through(meter::around);
    Engine engine = rig.start();
    engine.hold();
    jobs = engine.jobs();
    meter.take();
  }

  /** With labels, and every kind of trigger. */
  private static List<Job> mixed(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> i % 2 == 0 ? labelled(Samples.in(Duration.ofHours(1))) : labelled(daily()))
        .toList();
  }

  private static Schedule daily() {
    return new Schedule.Cron(
        "0 0 9 * * ?",
        "0 0 9 * * ?",
        "quartz",
        ZoneId.of("Europe/London"),
        DstPolicy.BY_RHYTHM,
        Limits.NONE);
  }

  private static Job labelled(Schedule schedule) {
    return SampleJob.like(plain(schedule)).labels(Map.of("team", "shop")).build();
  }

  private static Job plain(Schedule schedule) {
    return Job.of(Samples.newId(), new io.carillon.job.Target.Noop(), schedule);
  }

  private static Job later() {
    return plain(Samples.in(Duration.ofHours(1)));
  }

  private long rows(String table) {
    return Long.parseLong(rig.one("SELECT COUNT(*) FROM " + table));
  }

  private long commits() {
    return status("Com_commit");
  }

  private long status(String name) {
    return Long.parseLong(
        rig.query("SHOW GLOBAL STATUS LIKE '" + name + "'", row -> row.getString("Value")).get(0));
  }

  /** A name that no request may have, and no row can. */
  private static Job tooLong() {
    return Samples.renamed(later(), "n".repeat(200));
  }

  @Test
  void a_batch_takes_as_many_statements_however_large_it_is() {
    for (int size : List.of(10, 100, 500)) {
      jobs.createAll(mixed(size), false);
      // lock row, jobs, labels, JobDetails, triggers, simple triggers, cron triggers
      assertThat(meter.take()).as("%d jobs", size).containsExactly(7L);
    }
    assertThat(rows("job")).isEqualTo(610);
    assertThat(rows("QRTZ_TRIGGERS")).isEqualTo(610);
    assertThat(rows("QRTZ_CRON_TRIGGERS")).isEqualTo(305);
  }

  @Test
  void a_lone_job_takes_five_statements() {
    jobs.create(later());

    assertThat(meter.take()).containsExactly(5L);
  }

  @Test
  void jobs_of_which_nothing_is_left_to_run_are_stored_as_completed_in_one_go() {
    Instant past = Instant.now().minusSeconds(60);
    Limits over = new Limits(null, past, null, Duration.ZERO, List.of());

    List<Created> created =
        jobs.createAll(
            IntStream.range(0, 50).mapToObj(i -> plain(new Schedule.Now(over))).toList(), false);

    assertThat(meter.take()).hasSize(1).allSatisfy(count -> assertThat(count).isLessThan(10));
    assertThat(created)
        .extracting(Created::stored)
        .extracting(StoredJob::state)
        .containsOnly(JobState.COMPLETED);
    assertThat(rig.one("SELECT COUNT(*) FROM job WHERE state = 'COMPLETED'")).isEqualTo("50");
    assertThat(rows("QRTZ_JOB_DETAILS")).isZero();
  }

  @Test
  void a_taken_id_is_told_and_the_others_of_the_batch_are_stored() {
    Job there = later();
    jobs.create(there);
    Job twice = later();
    Job alone = later();

    List<Created> created = jobs.createAll(List.of(twice, there, alone, twice), false);

    assertThat(created)
        .extracting(Created::id)
        .containsExactly(twice.id(), there.id(), alone.id(), twice.id());
    assertThat(created)
        .extracting(one -> one.stored() != null)
        .containsExactly(true, false, true, false);
    assertThat(rows("job")).isEqualTo(3);
    assertThatThrownBy(() -> jobs.create(there)).isInstanceOf(JobExists.class);
  }

  @Test
  void a_batch_whose_second_part_finds_no_database_is_told_so() {
    meter.failAfterCommit();

    assertThatThrownBy(() -> jobs.createAll(mixed(700), false))
        .isInstanceOfSatisfying(StoreUnavailable.class, e -> assertThat(e.unknown()).isNotNull());

    assertThat(rows("job")).isEqualTo(500);
  }

  @Test
  void a_batch_that_finds_no_database_at_all_is_told_that_nothing_is_stored() {
    meter.failNow();

    assertThatThrownBy(() -> jobs.createAll(mixed(700), false))
        .isInstanceOfSatisfying(StoreUnavailable.class, e -> assertThat(e.unknown()).isNull());

    assertThat(rows("job")).isZero();
  }

  @Test
  void jobs_that_the_database_refuses_keep_no_others_of_their_batch_from_being_stored() {
    List<Job> batch = new ArrayList<>(mixed(700));
    List<Integer> odd = List.of(0, 250, 499, 698);
    odd.forEach(place -> batch.set(place, tooLong()));

    List<Created> created = jobs.createAll(batch, false);

    assertThat(created).extracting(Created::id).isEqualTo(batch.stream().map(Job::id).toList());
    for (int i = 0; i < created.size(); i++) {
      assertThat(created.get(i).refused()).as("the %dth", i).isEqualTo(odd.contains(i));
      assertThat(created.get(i).stored() == null).isEqualTo(odd.contains(i));
    }
    assertThat(rows("job")).isEqualTo(696);
    assertThat(rows("QRTZ_TRIGGERS")).isEqualTo(696);
  }

  @Test
  void a_batch_of_which_the_database_takes_nothing_is_not_tried_for_ever() {
    long before = status("Com_rollback");

    List<Created> created =
        jobs.createAll(Stream.generate(CreationTest::tooLong).limit(500).toList(), false);

    assertThat(created).hasSize(500).allMatch(Created::refused);
    assertThat(status("Com_rollback") - before).isLessThan(300);
    assertThat(rows("job")).isZero();
  }

  @Test
  void a_job_that_the_database_refuses_refuses_an_atomic_batch() {
    assertThatThrownBy(() -> jobs.createAll(List.of(later(), tooLong()), true))
        .isInstanceOf(IllegalStateException.class);

    assertThat(rows("job")).isZero();
  }

  @Test
  void a_taken_id_refuses_an_atomic_batch() {
    Job there = later();
    jobs.create(there);

    assertThatThrownBy(() -> jobs.createAll(List.of(later(), there), true))
        .isInstanceOf(JobExists.class);

    assertThat(rows("job")).isEqualTo(1);
    assertThat(rows("QRTZ_TRIGGERS")).isEqualTo(1);
  }

  @Test
  void creates_that_come_at_the_same_time_share_commits() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    long before = commits();
    try {
      List<Future<Set<JobId>>> answers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        answers.add(callers.submit(this::createSome));
      }
      Set<JobId> stored = new HashSet<>();
      for (Future<Set<JobId>> answer : answers) {
        stored.addAll(answer.get(30, TimeUnit.SECONDS));
      }
      assertThat(stored).hasSize(CALLERS * JOBS_EACH);
    } finally {
      callers.shutdownNow();
    }

    assertThat(rows("job")).isEqualTo(CALLERS * JOBS_EACH);
    assertThat(commits() - before).isLessThan(CALLERS * JOBS_EACH / 4);
  }

  private Set<JobId> createSome() {
    Set<JobId> ids = new HashSet<>();
    for (int i = 0; i < JOBS_EACH; i++) {
      ids.add(jobs.create(later()).id());
    }
    return ids;
  }
}
