package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.Lane;
import io.carillon.execution.Reasons;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits what is held, in a transaction of its own. An execution that cannot be let go must not
 * keep the others: it is found by letting them go one by one, and left out for a minute. What fails
 * for another reason is tried again a little later. For the scheduler thread, but for what others
 * ring.
 */
final class Admitting {
  private static final Logger LOG = LoggerFactory.getLogger(Admitting.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Transactions transactions;
  private final FiringTransaction firing;
  private final NodeRows nodes;
  private final AdmitHeld admit;
  private final LocalNode node;
  private final EngineMetrics metrics;

  private final OneByOne oneByOne;
  private final Bells bells = new Bells();
  private long resumesNanos = System.nanoTime();
  private boolean more;

  Admitting(
      Transactions transactions,
      FiringTransaction firing,
      NodeRows nodes,
      AdmitHeld admit,
      SetAside aside,
      LocalNode node,
      EngineMetrics metrics) {
    this.transactions = transactions;
    this.firing = firing;
    this.nodes = nodes;
    this.admit = admit;
    this.oneByOne = new OneByOne(aside);
    this.node = node;
    this.metrics = metrics;
  }

  /** Lets as many go as may. What is thrown inside stays here. */
  List<Shot> run(int room) {
    if (System.nanoTime() - resumesNanos < 0) {
      more = false;
      return List.of();
    }
    int most = oneByOne.most(room);
    Set<Lane> rung = new HashSet<>(bells.take(AdmitHeld.MOST_LANES));
    String name = node.checkIn().instanceName();
    List<TriggerName> tried = new ArrayList<>();
    try {
      AdmitHeld.Result result =
          firing.run(c -> run(c, most, rung, tried, name), AdmitHeld.Result::shots);
      more = result.more() && (!result.shots().isEmpty() || result.expired() > 0);
      // Another node has those that are left.
      rung.removeAll(result.lanes());
      rung.addAll(result.next());
      if (!result.shots().isEmpty()) {
        metrics.fired(result.shots().size());
      }
      if (result.expired() > 0) {
        metrics.skipped(Reasons.EXPIRED, result.expired());
      }
      return result.shots();
    } catch (SQLException | RuntimeException | Error e) {
      // Whatever it is, what is fired beside has to be run.
      more = oneByOne.failed(tried, e);
      if (!more) {
        LOG.warn("what is held cannot be let go, trying again: {}", e.toString());
        resumesNanos = System.nanoTime() + AFTER_FAILURE.toNanos();
      }
      return List.of();
    } finally {
      bells.ring(rung);
    }
  }

  private AdmitHeld.Result run(
      Connection connection, int most, Set<Lane> rung, List<TriggerName> tried, String name)
      throws SQLException {
    tried.clear();
    Instant now = Instant.ofEpochMilli(node.clock().millis());
    // Judged after the clock was read: it may have been set since the last look.
    if (!node.checkIn().mayFire()) {
      return AdmitHeld.Result.NOTHING;
    }
    NodeRows.Presence presence = nodes.presence(connection, name);
    if (!presence.here()) {
      return AdmitHeld.Result.NOTHING;
    }
    return admit.run(
        connection,
        new AdmitHeld.Order(now, most, rung, presence.queuesPaused(), oneByOne.leftOut(), tried),
        name);
  }

  /** There is something to look at in these lanes. Of any thread. */
  void ring(Collection<Lane> lanes) {
    bells.ring(lanes);
  }

  boolean isRung() {
    return bells.isRung();
  }

  /**
   * Whether anything waits in lanes that were rung, some of which are forgotten if not: who holds
   * something in one of them later rings again. One statement without a lock, none if none was
   * rung.
   */
  boolean seesHeld() throws SQLException {
    List<Lane> rung = bells.take(AdmitHeld.MOST_LANES);
    if (rung.isEmpty()) {
      return false;
    }
    Collection<Lane> again = rung;
    try {
      again = transactions.read(c -> admit.waiting(c, rung));
    } finally {
      bells.ring(again);
    }
    return !again.isEmpty();
  }

  /** Whether there may be more to let go at once. */
  boolean isMore() {
    return more;
  }
}
