package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Exclusions;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Jobs that name an exclusion calendar, on the real engine. */
class CalendarPlansTest extends EngineCase {
  private static Exclusions until(Instant end) {
    return (at, zone) -> at.isBefore(end) ? end : at;
  }

  private StoredJob create(Duration every) {
    Limits limits = new Limits(null, null, null, Duration.ZERO, List.of("holidays"));
    return engine.jobs().create(SampleJob.noop(id, new Schedule.FixedRate(every, limits)).build());
  }

  private Instant next() {
    return Instant.ofEpochMilli(
        Long.parseLong(
            rig.one(
                "SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value())));
  }

  @Test
  void nothing_runs_while_a_calendar_excludes_it_and_the_rhythm_goes_on_behind() {
    Instant end = Instant.now().plusSeconds(3);
    rig.calendars.put("holidays", until(end));

    StoredJob job = create(Duration.ofSeconds(1));

    assertThat(job.nextFireTime()).isAfterOrEqualTo(end);
    await().atMost(PATIENCE).until(() -> arrivals().size() == 2);
    assertThat(arrivals()).allMatch(at -> !at.isBefore(end));
    assertThat(Duration.between(job.createdAt(), arrivals().get(0)).toMillis() % 1_000).isZero();
    engine.jobs().cancel(id, OptionalLong.empty(), false);
    assertThat(rig.one("SELECT COUNT(*) FROM execution WHERE state = 'SKIPPED'")).isEqualTo("0");
  }

  @Test
  void a_change_that_nobody_has_heard_of_yet_is_seen_at_the_firing() {
    rig.calendars.put("holidays", Exclusions.NONE);
    create(Duration.ofSeconds(1));
    await().atMost(PATIENCE).until(() -> arrivals().size() == 1);

    Instant end = Instant.now().plusSeconds(4);
    rig.calendars.put("holidays", until(end));
    await().atMost(PATIENCE).until(() -> next().isAfter(end.minusMillis(1)));
    int before = arrivals().size();
    await().atMost(PATIENCE).until(() -> arrivals().size() > before);
    assertThat(arrivals().get(before)).isAfterOrEqualTo(end);
  }

  @Test
  void a_changed_calendar_moves_the_plan_both_ways_and_keeps_its_rhythm() {
    rig.calendars.put("holidays", Exclusions.NONE);
    StoredJob job = create(Duration.ofHours(1));
    Instant first = job.nextFireTime();

    rig.calendars.put("holidays", until(first.plus(Duration.ofHours(5)).plusMillis(1)));
    engine.replanner().replan(List.of(id));
    assertThat(next()).isEqualTo(first.plus(Duration.ofHours(6)));

    rig.calendars.put("holidays", Exclusions.NONE);
    engine.replanner().replan(List.of(id));
    assertThat(next()).isEqualTo(first);
    engine.replanner().replan(List.of(id, Samples.newId()));
    assertThat(next()).isEqualTo(first);
  }

  @Test
  void a_resume_passes_over_what_a_calendar_excludes() {
    rig.calendars.put("holidays", Exclusions.NONE);
    create(Duration.ofSeconds(1));
    engine.jobs().pause(id, null, null);
    Instant end = Instant.now().plusSeconds(60);
    rig.calendars.put("holidays", until(end));
    await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
    assertThat(engine.jobs().resume(id).nextFireTime()).isAfterOrEqualTo(end);
  }
}
