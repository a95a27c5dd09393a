package io.carillon.quartz;

import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.cron.DstPolicy;
import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Ledger;
import io.carillon.execution.Reasons;
import io.carillon.history.LedgerQueries;
import io.carillon.job.Calendars;
import io.carillon.job.CatchUp;
import io.carillon.job.CatchUp.Policy;
import io.carillon.job.Delivery;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Overlap;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nothing fired for a while; then a node comes. All of it is accounted for, before and after. */
class LedgerDowntimeTest {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerDowntimeTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long MINUTE = 60_000;

  @AutoClose private final EngineRig rig = new EngineRig();
  private Engine idle;

  @BeforeEach
  void hold() {
    idle = rig.start();
    idle.hold();
  }

  private LedgerQueries ledgers(Calendars calendars) {
    return LedgerSource.of(rig, calendars, LedgerSource.PLANS);
  }

  private Ledger upToNow(JobId id) {
    Instant now = Instant.now();
    return ledgers(Calendars.NONE).of(id, now.minus(Duration.ofHours(6)), now);
  }

  private static Schedule minutely(Limits limits) {
    return new Schedule.Cron(
        "0 * * * * ?", "0 * * * * ?", "QUARTZ", ZoneOffset.UTC, DstPolicy.BY_RHYTHM, limits);
  }

  private JobId create(Schedule schedule, CatchUp catchUp) {
    JobId id = newId();
    idle.jobs()
        .create(
            new Job(
                id,
                null,
                null,
                "default",
                Priority.NORMAL,
                Map.of(),
                new Target.Noop(),
                schedule,
                new Job.Policies(
                    RetryPolicy.none(), Overlap.ALLOW, catchUp, null, Delivery.AT_LEAST_ONCE),
                Map.of(),
                Origin.CANONICAL));
    return id;
  }

  private static CatchUp policy(Policy policy) {
    return new CatchUp(policy, Duration.ofSeconds(60), Duration.ofHours(2), 5);
  }

  /** As if it had been created so much earlier, and nothing had fired since. */
  private void setBack(JobId id, int minutes) {
    long by = minutes * MINUTE;
    rig.update("UPDATE job SET created_at = created_at - ? WHERE id = ?", by, id.value());
    rig.update(
        "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NEXT_FIRE_TIME - ? WHERE TRIGGER_NAME = ?",
        by,
        id.value());
  }

  private void isUpToDate(JobId id) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Long.parseLong(
                            rig.one(
                                "SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?",
                                id.value()))
                        > System.currentTimeMillis()
                    && upToNow(id).open() == 0);
  }

  @Test
  void each_policy_accounts_for_every_instant_of_a_downtime() {
    JobId skip = create(minutely(Limits.NONE), policy(Policy.SKIP));
    JobId once = create(minutely(Limits.NONE), policy(Policy.FIRE_ONCE));
    JobId all = create(minutely(Limits.NONE), policy(Policy.FIRE_ALL));
    for (JobId id : List.of(skip, once, all)) {
      setBack(id, 30);
      Ledger before = upToNow(id);
      assertThat(before.open()).isBetween(29L, 31L).isEqualTo(before.planned());
    }

    rig.start();

    for (JobId id : List.of(skip, once, all)) {
      isUpToDate(id);
      Ledger ledger = upToNow(id);
      assertThat(ledger.planned()).isBetween(29L, 33L);
      assertThat(ledger.balanced()).isTrue();
      assertThat(ledger.unexpected()).isZero();
    }
    assertThat(upToNow(skip).succeeded()).isLessThanOrEqualTo(3);
    assertThat(upToNow(once).succeeded()).isBetween(1L, 4L);
    assertThat(upToNow(all).succeeded()).isBetween(5L, 9L);
    assertThat(upToNow(once).skipped().get(Reasons.MISFIRE)).isGreaterThan(24);
  }

  @Test
  void a_row_of_many_that_was_taken_away_leaves_them_all_missing() {
    JobId id = create(minutely(Limits.NONE), policy(Policy.FIRE_ONCE));
    setBack(id, 5);
    rig.start();
    isUpToDate(id);
    long skipped = upToNow(id).skipped().get(Reasons.MISFIRE);
    assertThat(skipped).isGreaterThan(1);

    rig.update("DELETE FROM execution WHERE job_id = ? AND state = 'SKIPPED'", id.value());

    assertThat(upToNow(id).missingCount()).isEqualTo(skipped);
  }

  @Test
  void a_range_may_begin_and_end_within_a_row_of_many() {
    JobId id = create(minutely(Limits.NONE), policy(Policy.SKIP));
    setBack(id, 40);
    rig.start();
    isUpToDate(id);

    Instant from = Instant.now().minus(Duration.ofMinutes(30));
    Ledger ledger = ledgers(Calendars.NONE).of(id, from, from.plus(Duration.ofMinutes(10)));

    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.MISFIRE, 10L));
    assertThat(ledger.planned()).isEqualTo(10);
  }

  @Test
  void what_a_calendar_passes_over_is_told() {
    Instant begin = Instant.now().minus(Duration.ofMinutes(20));
    Instant end = begin.plus(Duration.ofMinutes(5));
    Limits limits = new Limits(null, null, null, Duration.ZERO, List.of("closed"));
    JobId id = create(minutely(limits), policy(Policy.FIRE_ONCE));
    setBack(id, 30);
    rig.update(
        "UPDATE QRTZ_SIMPROP_TRIGGERS SET LONG_PROP_1 = LONG_PROP_1 - ? WHERE TRIGGER_NAME = ?",
        30 * MINUTE,
        id.value());
    Instant now = Instant.now();
    Ledger ledger = ledgers(new Closed(begin, end)).of(id, now.minus(Duration.ofHours(6)), now);

    assertThat(ledger.skipped()).isEqualTo(Map.of(Reasons.CALENDAR, 5L));
    assertThat(ledger.open()).isBetween(24L, 26L);
    assertThat(ledger.balanced()).isTrue();
  }

  /** One calendar: a span of time. */
  private record Closed(Instant begin, Instant end) implements Calendars {
    @Override
    public Map<Name, Exclusions> read(Connection connection, Collection<Name> names) {
      Exclusions span = (at, zone) -> at.isBefore(begin) || !at.isBefore(end) ? at : end;
      return names.stream().collect(Collectors.toMap(name -> name, name -> span));
    }

    @Override
    public Set<Name> unknown(Collection<Name> names) {
      return Set.of();
    }
  }

  @Test
  void ten_thousand_instants_are_gone_through_in_a_moment() throws SQLException {
    JobId id =
        create(
            new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE), policy(Policy.FIRE_ONCE));
    rig.update("UPDATE job SET created_at = created_at - 10000000 WHERE id = ?", id.value());
    long next =
        Long.parseLong(
            rig.one("SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value()));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 1; i <= 10_000; i++) {
      Instant at = Instant.ofEpochMilli(next - i * 1_000L);
      ExecutionId execution = ExecutionId.planned(id, 1, at);
      rows.add(
          Arrays.asList(
              execution.value(),
              at,
              id.namespace(),
              id.value(),
              i % 10 == 0 ? "FAILED" : "SUCCEEDED"));
    }
    try (Connection connection = rig.database.dataSource().getConnection()) {
      Sql.insert(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, state, generation, queue, attempt)
          VALUES (?, ?, ?, ?, ?, 1, 'default', 1)
          """,
          rows);
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long begun = System.nanoTime();
      Ledger ledger = upToNow(id);
      best = Math.min(best, System.nanoTime() - begun);
      assertThat(ledger.succeeded()).isEqualTo(9_000);
      assertThat(ledger.failed()).isEqualTo(1_000);
      assertThat(ledger.balanced()).isTrue();
    }
    LOG.info("a ledger of 10,000 instants: {} ms at best", best / 1_000_000);
    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
  }
}
