package io.carillon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HostLaneTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Lane SHOP = Lane.host("shop.example");

  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final LaneRows lanes = new QueueTable().lanes();

  private static Held held(String job, int attempt, int plannedSecond, int since) {
    JobId id = JobId.of(job);
    return new Held(
        ExecutionId.planned(id, 1, NOON.plusSeconds(plannedSecond)),
        attempt,
        id,
        "default",
        1,
        "shop.example",
        SHOP,
        Reasons.CIRCUIT_OPEN,
        NOON.plusSeconds(since));
  }

  /** So what was the probe and failed is the next probe only when all others were one. */
  @Test
  void another_attempt_waits_behind_those_that_began_to_wait_before() throws SQLException {
    Held oldest = held("oldest", 2, 0, 30);
    Held second = held("second", 1, 1, 2);
    Held third = held("third", 1, 20, 20);
    Held fresh = held("fresh", 1, 40, 40);
    try (Connection connection = DATABASE.dataSource().getConnection()) {
      lanes.hold(connection, List.of(oldest, second, third, fresh), List.of(), NOON);

      List<String> probes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Held next = lanes.first(connection, Map.of(SHOP, 1)).get(0);
        probes.add(next.jobId().value());
        lanes.remove(connection, List.of(next.id()));
      }

      assertThat(probes).containsExactly("second", "third", "oldest", "fresh");
    }
  }
}
