package io.carillon;

import io.carillon.db.Database;
import io.carillon.execution.Reasons;
import io.carillon.metrics.Metrics;
import io.carillon.queue.HeldCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts for the metrics what limits hold in the whole cluster: one short statement each ten
 * seconds, whether somebody asks or not, so that who asks never waits for the database.
 */
final class Backlog {
  private static final Duration TURN = Duration.ofSeconds(10);
  private static final List<String> HELD =
      List.of(Reasons.CONCURRENCY, Reasons.RATE_LIMITED, Reasons.CIRCUIT_OPEN);

  private Backlog() {}

  static void start(Database database, Metrics metrics, Duties duties) {
    HeldCounts counts = new HeldCounts(database.dataSource());
    AtomicReference<Map<String, Integer>> held = new AtomicReference<>(Map.of());
    for (String reason : HELD) {
      metrics.heldNow(reason, () -> held.get().getOrDefault(reason, 0));
    }
    duties.every(TURN, "counting what is held", () -> held.set(counts.byReason()));
  }
}
