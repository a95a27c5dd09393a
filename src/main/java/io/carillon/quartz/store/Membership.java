package io.carillon.quartz.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member of the cluster, from joining to leaving: its check-ins, and what it does
 * for the others meanwhile, on the threads {@code carillon-recovery} and {@code
 * carillon-reconciler}. Each method once and in the order of {@link StoreEngine}; {@link #leave}
 * alone is safe after a failed start.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(3);

  private final LocalNode node;
  private final CompletionQueue completions;
  private final Recovery recovery;
  private final Supplier<Set<String>> predecessors;
  private final Reconciling reconciling;
  private final DutyThread recoveryThread = new DutyThread("carillon-recovery");
  private final DutyThread reconcilerThread = new DutyThread("carillon-reconciler");
  private final DutyThread breakOffThread = new DutyThread("carillon-break-off");

  /** What puts right what belongs to nobody, and how often. */
  record Reconciling(Reconciler reconciler, Duration interval) {}

  /**
   * @param predecessors notes this node for its successors, and tells which ones it succeeds
   */
  Membership(
      LocalNode node,
      CompletionQueue completions,
      Recovery recovery,
      Supplier<Set<String>> predecessors,
      Reconciling reconciling) {
    this.node = node;
    this.completions = completions;
    this.recovery = recovery;
    this.predecessors = predecessors;
    this.reconciling = reconciling;
  }

  void join() throws SQLException {
    // Noted before there is a row, so that a successor knows of every row.
    recovery.succeed(predecessors.get());
    node.checkIn().join();
    completions.start();
    recoveryThread.every(Recovery.INTERVAL, recovery::runOnce);
    recoveryThread.every(REPORT_INTERVAL, recovery::reportForeign);
    reconcilerThread.every(reconciling.interval(), reconciling.reconciler()::runOnce);
  }

  /** As {@link StoreEngine#listen}. */
  void listen(DutyThread.Duty breakOff, Consumer<Duration> sweep) {
    breakOffThread.every(BreakOff.INTERVAL, breakOff);
    recoveryThread.every(Recovery.INTERVAL, () -> recovery.whileAwaited(sweep));
  }

  /** As {@link StoreEngine#drain}. */
  int drain(Duration patience) throws InterruptedException {
    recovery.announceDrain();
    if (node.inFlight().awaitEmpty(patience.toNanos())) {
      return 0;
    }
    node.checkIn().handOver();
    try {
      return recovery.handBackOwn(completions::isWaiting);
    } catch (SQLException e) {
      LOG.warn("cannot hand over what still runs; others take it over in time: {}", e.getMessage());
      return 0;
    }
  }

  /** Flushes completions and leaves the cluster. Idempotent. */
  void leave() throws InterruptedException {
    recoveryThread.close();
    reconcilerThread.close();
    breakOffThread.close();
    completions.close(FLUSH_PATIENCE);
    node.checkIn().close();
    try {
      recovery.handBackOwn(id -> false);
      recovery.leave();
    } catch (SQLException e) {
      LOG.warn("cannot leave the cluster in order; the lease will end: {}", e.getMessage());
    }
  }
}
