package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.anyId;
import static io.carillon.history.HistoryDatabase.noop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Limits;
import io.carillon.job.Priority;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.StoredJob.Pause;
import io.carillon.job.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobRowsTest {
  @AutoClose private static HistoryDatabase database;

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
  }

  private static Job labelled(JobId id, String queue, Map<String, String> labels) {
    Target target =
        new Target.Http(
            "POST", "https://API.Example.com:8443/x", Map.of(), null, Target.Http.DEFAULT_TIMEOUT);
    return SampleJob.like(Job.of(id, target, new Schedule.Now(Limits.NONE)))
        .name("Näme")
        .queue(queue)
        .priority(Priority.HIGH)
        .labels(labels)
        .scheduler("nightly")
        .build();
  }

  private static StoredJob lock(JobId id) {
    return database.transaction(c -> database.writer.lockJobs(c, List.of(id))).get(id);
  }

  private static void update(StoredJob changed, boolean definitionChanged) {
    database.transaction(
        c -> {
          database.writer.updateJob(c, changed, definitionChanged);
          return null;
        });
  }

  @Test
  void a_new_job_has_its_row_and_labels_and_its_first_version_is_its_row() {
    Job job = labelled(anyId(), "q", Map.of("team", "b", "env", "prod"));

    database.stored(job);

    assertThat(
            database.row(
                "name, queue, priority, host, origin, scheduler, state, generation, version, runs",
                "job WHERE id = ?",
                job.id().value()))
        .isEqualTo("Näme q 8 api.example.com JOB nightly ACTIVE 1 1 0");
    assertThat(
            database.rows(
                "name, value", "job_label WHERE job_id = ? ORDER BY name", job.id().value()))
        .containsExactly("env prod", "team b");
    assertThat(
            database.row(
                "version, generation, valid_from, IFNULL(valid_to, '-')",
                "v_job_versions WHERE id = ?",
                job.id().value()))
        .isEqualTo("1 1 " + NOON.toEpochMilli() + " -");
    StoredJob stored = lock(job.id());
    assertThat(stored.job()).isEqualTo(job);
    assertThat(stored.createdAt()).isEqualTo(NOON);
  }

  @Test
  void the_calendars_that_a_job_names_are_found_by_their_names() {
    JobId id = anyId();
    database.stored(naming(id, "nights", "holidays"));
    assertThat(calendars(id)).containsExactly("holidays", "nights");

    StoredJob old = lock(id);
    update(with(old, naming(id, "nights", "summer")), true);
    assertThat(calendars(id)).containsExactly("nights", "summer");

    update(with(lock(id), naming(id)), true);
    assertThat(calendars(id)).isEmpty();
  }

  private static Job naming(JobId id, String... calendars) {
    Limits limits = new Limits(null, null, null, Duration.ZERO, List.of(calendars));
    return HistoryDatabase.everyMinute(id, limits);
  }

  private static StoredJob with(StoredJob old, Job job) {
    return new StoredJob(
        job,
        old.state(),
        old.generation(),
        old.version() + 1,
        old.runs(),
        old.lastScheduledAt(),
        old.pause(),
        old.createdAt(),
        NOON,
        null,
        null);
  }

  private static List<String> calendars(JobId id) {
    return database.rows("name", "job_calendar WHERE job_id = ? ORDER BY name", id.value());
  }

  @Test
  void a_taken_id_is_refused_and_what_has_it_is_left_as_it_is() {
    Job first = labelled(anyId(), "first", Map.of("a", "1"));
    database.stored(first);
    Job second = labelled(first.id(), "second", Map.of("b", "2"));

    assertThatThrownBy(() -> database.transaction(c -> database.insert(c, List.of(second), NOON)))
        .hasRootCauseInstanceOf(SQLException.class)
        .rootCause()
        .extracting(cause -> ((SQLException) cause).getErrorCode())
        .isEqualTo(1062);

    assertThat(lock(first.id()).job()).isEqualTo(first);
    assertThat(database.rows("name", "job_label WHERE job_id = ?", first.id().value()))
        .containsExactly("a");
  }

  @Test
  void taken_ids_are_told() {
    JobId there = database.storedNoop();
    JobId free = anyId();

    assertThat(
            database.<Set<JobId>>transaction(c -> database.writer.taken(c, List.of(there, free))))
        .containsExactly(there);
  }

  @Test
  void ids_differ_by_namespace_and_by_case() {
    String value = anyId().value();
    Job lower = noop(JobId.of(value));
    Job upper = noop(JobId.of(value.toUpperCase(Locale.ROOT)));
    Job other = noop(new JobId("other", value));

    int inserted =
        database.transaction(c -> database.insert(c, List.of(lower, upper, other), NOON));

    assertThat(inserted).isEqualTo(3);
  }

  @Test
  void an_empty_batch_is_no_statement() {
    assertThat(database.<Integer>transaction(c -> database.insert(c, List.of(), NOON))).isZero();
    assertThat(database.fire(List.of(), "a-1").firings()).isEmpty();
  }

  @Test
  void a_changed_definition_closes_its_version_and_opens_the_next() {
    Job before = labelled(anyId(), "q", Map.of("team", "b", "env", "prod"));
    database.stored(before);
    Job after = labelled(before.id(), "r", Map.of("env", "test"));
    Instant later = NOON.plusSeconds(60);

    update(stored(after, JobState.ACTIVE, 2, 2, null, later), true);

    assertThat(lock(before.id()).job()).isEqualTo(after);
    assertThat(database.rows("name, value", "job_label WHERE job_id = ?", before.id().value()))
        .containsExactly("env test");
    assertThat(
            database.rows(
                "version, generation, valid_from, IFNULL(valid_to, '-')",
                "v_job_versions WHERE id = ? ORDER BY version",
                before.id().value()))
        .containsExactly(
            "1 1 " + NOON.toEpochMilli() + " " + later.toEpochMilli(),
            "2 2 " + later.toEpochMilli() + " -");
  }

  @Test
  void a_pause_is_kept_and_taken_back_without_a_new_version_row() {
    Job job = noop(anyId());
    database.stored(job);
    Instant until = NOON.plusSeconds(600);

    update(stored(job, JobState.PAUSED, 1, 2, new Pause("rain", until), NOON), false);

    StoredJob paused = lock(job.id());
    assertThat(paused.state()).isEqualTo(JobState.PAUSED);
    assertThat(paused.pause()).isEqualTo(new Pause("rain", until));
    update(stored(job, JobState.ACTIVE, 1, 3, null, NOON), false);
    assertThat(lock(job.id()).pause()).isNull();
    assertThat(database.rows("version", "v_job_versions WHERE id = ?", job.id().value()))
        .containsExactly("1");
  }

  @Test
  void a_final_state_has_its_instant_and_an_active_one_has_none() {
    Job job = noop(anyId());
    database.stored(job);
    Instant later = NOON.plusSeconds(60);

    update(stored(job, JobState.CANCELLED, 1, 2, null, later), false);
    assertThat(lock(job.id()).finishedAt()).isEqualTo(later);

    update(stored(job, JobState.ACTIVE, 2, 3, null, later), true);
    assertThat(lock(job.id()).finishedAt()).isNull();
  }

  @Test
  void only_active_jobs_become_completed() {
    JobId ran = database.storedNoop();
    database.fireNow(ran);
    JobId fresh = database.storedNoop();
    JobId cancelled = database.storedNoop();
    database.fireNow(cancelled);
    update(stored(noop(cancelled), JobState.CANCELLED, 1, 2, null, NOON), false);

    database.transaction(
        c -> {
          database.writer.jobsFinished(c, List.of(ran, fresh, cancelled), NOON.plusSeconds(1));
          return null;
        });

    assertThat(lock(ran).state()).isEqualTo(JobState.COMPLETED);
    assertThat(lock(ran).finishedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(lock(fresh).state()).isEqualTo(JobState.COMPLETED);
    assertThat(lock(cancelled).state()).isEqualTo(JobState.CANCELLED);
  }

  private static StoredJob stored(
      Job job, JobState state, int generation, long version, Pause pause, Instant updatedAt) {
    return new StoredJob(
        job, state, generation, version, 0, null, pause, NOON, updatedAt, null, null);
  }
}
