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
import org.junit.jupiter.api.Test;

class DeskProbesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String SHOP = "shop.example";
  private static final Lane LANE = Lane.host(SHOP);

  @Test
  void the_probe_of_a_host_is_asked_for_once_a_transaction() throws SQLException {
    Desks desks =
        new Desks(
            new Desks.Known(
                Map.of(),
                Map.of(SHOP, new Gate(SHOP, NOON)),
                new HostCalls(10),
                QueuePauses.NONE,
                NOON));
    desks.add(List.of(new Locked(LANE, 0, 0, null, NOON.toEpochMilli() * 1_000)), Map.of());
    List<ExecutionId> asked = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      Job job =
          SampleJob.noop(JobId.of("job" + i), new Schedule.Now(Limits.NONE))
              .calls("http://" + SHOP + "/x")
              .build();
      ExecutionId id = ExecutionId.planned(job.id(), 1, NOON);
      Held held = new Held(id, 1, job.id(), "default", 1, SHOP, LANE, Reasons.CIRCUIT_OPEN, NOON);
      Verdict verdict = desks.judge(held, job, null, (host, run) -> !asked.add(run));
      assertThat(verdict).isEqualTo(Verdict.LEAVE);
    }

    assertThat(asked).hasSize(1);
  }
}
