package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeskProbesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String SHOP = "shop.example";
  private static final Lane LANE = Lane.host(SHOP);

  private static Desks desks(@Nullable Instant probeAt) {
    Desks desks =
        new Desks(
            new Desks.Known(
                Map.of(),
                Map.of(SHOP, new Gate(SHOP, probeAt)),
                new HostCalls(10),
                QueuePauses.NONE,
                NOON));
    desks.add(List.of(new Locked(LANE, 0, 0, null, NOON.toEpochMilli() * 1_000)), Map.of());
    return desks;
  }

  private static Job job(int n) {
    return SampleJob.noop(JobId.of("job" + n), new Schedule.Now(Limits.NONE))
        .calls("http://" + SHOP + "/x")
        .build();
  }

  private static Held held(Job job, Lane lane) {
    ExecutionId id = ExecutionId.planned(job.id(), 1, NOON);
    return new Held(id, 1, job.id(), "default", 1, SHOP, lane, Reasons.CIRCUIT_OPEN, NOON);
  }

  @Test
  void the_probe_of_a_host_is_asked_for_once_a_transaction() throws SQLException {
    Desks desks = desks(NOON);
    List<ExecutionId> asked = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      Verdict verdict =
          desks.judge(held(job(i), LANE), job(i), null, (host, run) -> !asked.add(run));
      assertThat(verdict).isEqualTo(Verdict.LEAVE);
    }

    assertThat(asked).hasSize(1);
  }

  /** When the lane of the host is looked at again, in milliseconds by the database. */
  private static @Nullable Long after(Desks desks, Held... found) {
    Picks.of(desks, List.of(found), desks.wanted(10), 10);
    return desks.written().isEmpty() ? null : desks.written().get(0).readyAt();
  }

  @Test
  void the_lane_of_a_host_that_may_not_be_called_sleeps_until_its_next_probe() {
    assertThat(after(desks(NOON.plusSeconds(3)))).isEqualTo(NOON.plusSeconds(3).toEpochMilli());
  }

  @Test
  void the_lane_of_a_host_that_is_kept_shut_sleeps_until_an_event() {
    assertThat(after(desks(null))).isNull();
  }

  @Test
  void nothing_is_looked_at_again_where_nothing_waits_for_the_probe() {
    assertThat(after(desks(NOON))).isNull();
  }

  @Test
  void the_lane_of_a_probe_is_looked_at_once_more() throws SQLException {
    Desks desks = desks(NOON);
    Held held = held(job(1), LANE);
    assertThat(after(desks, held)).isEqualTo(NOON.toEpochMilli());
    assertThat(desks.judge(held, job(1), null, (host, run) -> true)).isEqualTo(Verdict.GO);
    assertThat(desks.written().get(0).readyAt()).isEqualTo(NOON.toEpochMilli());
  }

  @Test
  void what_moves_to_a_host_that_may_not_be_called_is_looked_at_with_its_next_probe()
      throws SQLException {
    Desks desks = desks(NOON.plusSeconds(3));
    Held held = held(job(1), Lane.queue("default", "q"));

    assertThat(desks.judge(held, job(1), null, (host, run) -> false))
        .isInstanceOf(Verdict.Wait.class);

    assertThat(desks.written().get(0).readyAt()).isEqualTo(NOON.plusSeconds(3).toEpochMilli());
  }
}
