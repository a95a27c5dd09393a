package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.quartz.store.Census.Mixed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires a batch of what is due, in a transaction of its own, and counts what became of it. A
 * trigger that cannot be fired must not keep the others: it is found by firing them one by one, and
 * left out for a minute. For the scheduler thread only.
 */
final class DueFiring {
  private static final Logger LOG = LoggerFactory.getLogger(DueFiring.class);

  private final FiringTransaction transaction;
  private final NodeRows nodes;
  private final FireDue fireDue;
  private final OneByOne oneByOne;
  private final LocalNode node;
  private final EngineMetrics metrics;

  private boolean lanesReady;

  DueFiring(
      FiringTransaction transaction,
      NodeRows nodes,
      FireDue fireDue,
      SetAside aside,
      LocalNode node,
      EngineMetrics metrics) {
    this.transaction = transaction;
    this.nodes = nodes;
    this.fireDue = fireDue;
    this.oneByOne = new OneByOne(aside);
    this.node = node;
    this.metrics = metrics;
  }

  /**
   * What is to be fired.
   *
   * @param most at most so many
   * @param from when the first is due; 0 if that is not known
   * @param ripeMillis nothing unless the first of what is to be had is due for so long
   * @param mixed the classes of a backlog, if there are several
   */
  record Wanted(int most, long from, long ripeMillis, Mixed mixed) {}

  /**
   * Fires what is wanted of what is due.
   *
   * @param goOn looked at when the transaction has begun: false while firing is paused
   */
  FireDue.Result run(Wanted wanted, BooleanSupplier goOn) throws SQLException {
    int room = oneByOne.most(wanted.most());
    List<TriggerName> tried = new ArrayList<>();
    FireDue.Result result;
    lanesReady = false;
    try {
      result =
          transaction.run(
              c -> goOn.getAsBoolean() ? run(c, room, tried, wanted) : FireDue.Result.NOTHING,
              FireDue.Result::shots);
    } catch (SQLException | RuntimeException | Error e) {
      if (!oneByOne.failed(tried, e)) {
        throw e;
      }
      return FireDue.Result.NOTHING;
    }
    count(result);
    return result;
  }

  private FireDue.Result run(
      Connection connection, int most, List<TriggerName> tried, Wanted wanted) throws SQLException {
    String name = node.checkIn().instanceName();
    Instant now = Instant.ofEpochMilli(node.clock().millis());
    // Judged after the clock was read: it may have been set since the last look.
    if (!node.checkIn().mayFire()) {
      return FireDue.Result.NOTHING;
    }
    NodeRows.Presence presence = nodes.presence(connection, name);
    if (!presence.here()) {
      return FireDue.Result.NOTHING;
    }
    lanesReady = presence.lanesReady();
    return fireDue.run(
        connection,
        new FireDue.Order(
            now,
            wanted.from(),
            now.minusMillis(wanted.ripeMillis()),
            most,
            oneByOne.leftOut(),
            tried,
            presence.queuesPaused(),
            presence.queuesLimited(),
            wanted.mixed()),
        name);
  }

  private void count(FireDue.Result result) {
    int slow = (int) result.shots().stream().filter(shot -> shot.bundle() != null).count();
    if (slow > 0) {
      metrics.slowPath(slow);
    }
    if (!result.shots().isEmpty()) {
      metrics.fired(result.shots().size());
    }
    if (result.parked() > 0) {
      metrics.parked(result.parked());
    }
    result.skipped().forEach(metrics::skipped);
    result.held().forEach(metrics::held);
    if (result.duplicates() > 0) {
      metrics.duplicatesDropped(result.duplicates());
      LOG.warn("{} instants had been fired before and were left alone", result.duplicates());
    }
  }

  /** Whether the last transaction saw that something held may go. */
  boolean seesLanesReady() {
    return lanesReady;
  }

  /** Whether something due is left out for now. */
  boolean leavesOut() {
    return !oneByOne.leftOut().isEmpty();
  }
}
