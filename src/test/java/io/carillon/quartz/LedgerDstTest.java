package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.cron.DstPolicy;
import io.carillon.cron.Tick;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Ledger;
import io.carillon.execution.Reasons;
import io.carillon.job.Calendars;
import io.carillon.job.Exclusions;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Days on which the clocks change: what runs has its row, what a policy passes over its word. */
class LedgerDstTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @AutoClose private static EngineRig rig;
  private static Engine engine;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    engine = rig.start();
  }

  @ParameterizedTest
  @CsvSource({
    "0 30 2 * * ?, 2026-03-28T00:00:00Z",
    "0 0/30 * * * ?, 2026-03-28T00:00:00Z",
    "0 30 2 * * ?, 2026-10-24T00:00:00Z",
    "0 0/30 * * * ?, 2026-10-24T00:00:00Z"
  })
  void a_day_of_a_clock_change_adds_up(String cron, Instant from) {
    DstPolicy skip = new DstPolicy(DstPolicy.Gap.SKIP, DstPolicy.Overlap.BOTH);
    Schedule schedule = new Schedule.Cron(cron, cron, "QUARTZ", BERLIN, skip, Limits.NONE);
    JobId id = newId();
    engine.jobs().create(job(id, schedule, RetryPolicy.none()));
    rig.update(
        "UPDATE job SET created_at = ? WHERE id = ?",
        from.minusSeconds(1).toEpochMilli(),
        id.value());
    Instant to = from.plus(Duration.ofDays(3));
    List<Tick> ticks = ticks(schedule, from, to);
    List<Instant> ran = ticks.stream().filter(Tick::runs).map(Tick::at).toList();
    ran.forEach(at -> succeeded(id, at));

    Ledger ledger = upTo(to, id, from);

    assertThat(ledger.planned()).isEqualTo(ticks.size()).isPositive();
    assertThat(ledger.succeeded()).isEqualTo(ran.size());
    assertThat(ledger.skipped().getOrDefault(Reasons.DST_GAP, 0L))
        .isEqualTo(ticks.size() - ran.size());
    assertThat(ledger.balanced()).isTrue();

    rig.update(
        "DELETE FROM execution WHERE job_id = ? AND scheduled_at = ?",
        id.value(),
        ran.get(1).toEpochMilli());
    assertThat(upTo(to, id, from).missing()).containsExactly(ran.get(1));
  }

  private static Ledger upTo(Instant to, JobId id, Instant from) {
    return LedgerSource.of(rig, Calendars.NONE, LedgerSource.PLANS, Clock.fixed(to, ZoneOffset.UTC))
        .of(id, from, to);
  }

  private static List<Tick> ticks(Schedule schedule, Instant from, Instant to) {
    Timetable table = Timetable.of(schedule, from.minusSeconds(1), Exclusions.NONE);
    List<Tick> ticks = new ArrayList<>();
    Optional<Tick> next = table.tick(from.minusSeconds(1));
    while (next.isPresent() && next.get().at().isBefore(to)) {
      ticks.add(next.get());
      next = table.tick(next.get().at());
    }
    return ticks;
  }

  private static void succeeded(JobId id, Instant at) {
    rig.update(
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, state, generation, queue, attempt)
        VALUES (?, ?, ?, ?, 'SUCCEEDED', 1, 'default', 1)
        """,
        ExecutionId.planned(id, 1, at).value(),
        at.toEpochMilli(),
        id.namespace(),
        id.value());
  }
}
