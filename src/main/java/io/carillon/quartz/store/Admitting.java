package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits what is held, in a transaction of its own. What fails is tried again a little later, and
 * then with one execution at a time for a while, so that one that cannot be admitted does not keep
 * all others. For the scheduler thread only.
 */
final class Admitting {
  private static final Logger LOG = LoggerFactory.getLogger(Admitting.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int SINGLY = 20;

  private final Transactions transactions;
  private final NodeRows nodes;
  private final AdmitHeld admit;
  private final LocalNode node;
  private final EngineMetrics metrics;

  private int singly;
  private long resumesNanos = System.nanoTime();
  private boolean more;

  Admitting(
      Transactions transactions,
      NodeRows nodes,
      AdmitHeld admit,
      LocalNode node,
      EngineMetrics metrics) {
    this.transactions = transactions;
    this.nodes = nodes;
    this.admit = admit;
    this.node = node;
    this.metrics = metrics;
  }

  /** Lets as many go as may. */
  List<Shot> run(int room) {
    if (room <= 0 || System.nanoTime() - resumesNanos < 0) {
      more = false;
      return List.of();
    }
    int most = singly > 0 ? 1 : room;
    singly = Math.max(0, singly - 1);
    String name = node.checkIn().instanceName();
    try {
      AdmitHeld.Result result = transactions.hot(c -> run(c, most, name));
      more = !result.shots().isEmpty() && result.looked() > 0;
      result.shots().forEach(shot -> node.inFlight().add(shot.firing()));
      if (!result.shots().isEmpty()) {
        metrics.fired(result.shots().size());
      }
      return result.shots();
    } catch (SQLException | RuntimeException | Error e) {
      // Whatever it is, what was fired before has to be run.
      LOG.warn("what is held cannot be let go, trying again: {}", e.toString());
      more = false;
      singly = SINGLY;
      resumesNanos = System.nanoTime() + AFTER_FAILURE.toNanos();
      return List.of();
    } finally {
      node.inFlight().expect(List.of());
    }
  }

  private AdmitHeld.Result run(Connection connection, int most, String name) throws SQLException {
    Instant now = Instant.ofEpochMilli(node.clock().millis());
    // Judged after the clock was read: it may have been set since the last look.
    if (!node.checkIn().mayFire()) {
      return AdmitHeld.Result.NOTHING;
    }
    NodeRows.Presence presence = nodes.presence(connection, name);
    if (!presence.here()) {
      return AdmitHeld.Result.NOTHING;
    }
    AdmitHeld.Result result = admit.run(connection, now, most, presence.queuesPaused(), name);
    node.inFlight().expect(result.shots());
    return result;
  }

  /** Whether the last turn let something go, so that there may be more. */
  boolean isMore() {
    return more;
  }
}
