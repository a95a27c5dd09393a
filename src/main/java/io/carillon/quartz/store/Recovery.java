package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.Reasons;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.NodeRows.Sign;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what has lost its owner and hands it back: FIRED rows of nodes without a sign of life for a
 * lease, of nodes that have no row at all, and of this node itself where nothing here knows of them
 * (a commit of unknown outcome, a firing that never reached a worker). Every look is two small
 * statements without locks; the lock row is taken only when there is something to do.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  static final Duration INTERVAL = Duration.ofMillis(500);

  private static final int LARGEST_BATCH = 500;
  private static final Duration OWN_GRACE = Duration.ofSeconds(5);

  /** After a longer one, targets may have found nobody to report to. */
  private static final Duration LONGEST_GAP = Duration.ofSeconds(3);

  private static final Result NOTHING = new Result(0, 0);

  private final Transactions transactions;
  private final Rows rows;
  private final NodeRows nodes;
  private final HandBack handBack;
  private final CheckIn checkIn;
  private final InFlight inFlight;
  private final InstantSource clock;
  private final EngineMetrics metrics;

  // Recovery thread only.
  private final Watch watch = new Watch();
  private final Set<String> gone = new LinkedHashSet<>();
  private final Set<String> reported = new HashSet<>();
  private boolean seesAwaited;
  private long lookedNanos = System.nanoTime();
  private long attentiveSinceNanos = lookedNanos;

  Recovery(
      Transactions transactions,
      Rows rows,
      NodeRows nodes,
      HandBack handBack,
      LocalNode node,
      EngineMetrics metrics) {
    this.metrics = metrics;
    this.transactions = transactions;
    this.rows = rows;
    this.nodes = nodes;
    this.handBack = handBack;
    this.checkIn = node.checkIn();
    this.inFlight = node.inFlight();
    this.clock = node.clock();
  }

  /**
   * Told before the first look: processes that cannot live any more, whatever their rows say. What
   * they were running is handed back without waiting for the end of their leases.
   */
  void succeed(Set<String> nodeIds) throws SQLException {
    if (!nodeIds.isEmpty()) {
      gone.addAll(transactions.read(c -> nodes.ofProcesses(c, nodeIds)));
    }
  }

  /**
   * Does something if any execution awaited its target's word at the last look.
   *
   * @param work is told for how long there was a look at least every {@link #LONGEST_GAP}
   */
  void whileAwaited(Consumer<Duration> work) {
    if (seesAwaited) {
      long now = System.nanoTime();
      boolean gap = now - lookedNanos > LONGEST_GAP.toNanos();
      work.accept(gap ? Duration.ZERO : Duration.ofNanos(now - attentiveSinceNanos));
    }
  }

  /** What one look did: nodes found dead, executions handed back. */
  record Result(int nodes, int executions) {}

  private record Burial(int nodes, HandedBack handed) {
    static final Burial NONE = new Burial(0, HandedBack.NOTHING);
  }

  Result runOnce() throws SQLException {
    Set<String> dead = judged();
    if (dead.isEmpty() && watch.untilDeadNanos() < INTERVAL.toNanos()) {
      // What it was running is not to wait for the next look as well.
      LockSupport.parkNanos(watch.untilDeadNanos());
      dead = judged();
    }
    if (!checkIn.mayJudge()) {
      return NOTHING;
    }
    Set<String> silent = dead;
    Burial burial = silent.isEmpty() ? Burial.NONE : transactions.locked(c -> bury(c, silent));
    Result buried = new Result(burial.nodes(), burial.handed().counted(metrics).again());
    if (buried.nodes() > 0) {
      LOG.warn(
          "of {} suspects {} are gone: {} executions they were running are attempted again",
          silent,
          buried.nodes(),
          buried.executions());
    }
    return new Result(buried.nodes(), buried.executions() + own());
  }

  /**
   * Stock Quartz under our scheduler name cannot run our jobs and sets their triggers to ERROR:
   * said once per such node.
   */
  void reportForeign() throws SQLException {
    Set<String> foreign = new HashSet<>(transactions.read(nodes::foreign));
    reported.retainAll(foreign);
    foreign.removeAll(reported);
    reported.addAll(foreign);
    foreign.forEach(
        name ->
            LOG.error(
                "node {} checks in under this scheduler's name and is none of ours: it will damage triggers; stop it",
                name));
  }

  /** Who is silent; nobody while this node may have been away itself. */
  private Set<String> judged() throws SQLException {
    return checkIn.mayJudge() ? transactions.read(this::suspects) : Set.of();
  }

  private Set<String> suspects(Connection connection) throws SQLException {
    // In this order: a node has its row before it fires.
    Set<String> suspects = new LinkedHashSet<>(rows.fired().nodes(connection));
    long now = System.nanoTime();
    if (now - lookedNanos > LONGEST_GAP.toNanos()) {
      attentiveSinceNanos = now;
    }
    lookedNanos = now;
    seesAwaited = suspects.remove(FiredMarks.AWAITING);
    List<Sign> signs = nodes.signs(connection);
    signs.forEach(sign -> suspects.remove(sign.instance()));
    signs.stream().map(Sign::instance).filter(gone::contains).forEach(suspects::add);
    suspects.addAll(watch.dead(signs, System.nanoTime(), checkIn.presentSinceNanos()));
    suspects.remove(checkIn.instanceName());
    return suspects;
  }

  /**
   * Under the lock row: judge again, hand back, and take the node's row away once nothing of it is
   * left.
   */
  private Burial bury(Connection connection, Set<String> suspects) throws SQLException {
    Set<String> dead = new LinkedHashSet<>(suspects);
    for (Sign sign : nodes.lockSigns(connection, suspects)) {
      if (!gone.contains(sign.instance()) && !watch.isUnchanged(sign)) {
        dead.remove(sign.instance());
      }
    }
    if (dead.isEmpty()) {
      return Burial.NONE;
    }
    List<FiredRow> lost = rows.fired().lockOfNodes(connection, dead, LARGEST_BATCH);
    HandedBack handed =
        handBack.run(connection, lost, Reasons.NODE_LOST, row -> false, checkIn.databaseNow());
    if (lost.size() < LARGEST_BATCH) {
      nodes.lost(connection, dead);
    }
    return new Burial(dead.size(), handed);
  }

  /** Rows under our own name that nothing here knows of. */
  private int own() throws SQLException {
    String me = checkIn.instanceName();
    Instant before = clock.instant().minus(OWN_GRACE);
    List<FiredRow> strays =
        transactions.read(c -> strays(rows.fired().olderThan(c, me, before), me));
    if (strays.isEmpty()) {
      return 0;
    }
    List<String> ids = strays.stream().map(FiredRow::entry).toList();
    HandedBack handed =
        transactions.locked(
            c -> {
              List<FiredRow> still = strays(rows.fired().lockEntries(c, ids), me);
              // What is not in flight here was never sent, or given up before it was.
              return handBack.run(c, still, Reasons.DRAINED, row -> true, checkIn.databaseNow());
            });
    int again = handed.counted(metrics).again();
    LOG.warn(
        "{} fired rows of this node had no worker; {} executions are attempted again",
        strays.size(),
        again);
    return again;
  }

  private List<FiredRow> strays(List<FiredRow> found, String me) {
    Set<String> held = inFlight.idsUnder(me);
    return found.stream()
        .filter(row -> row.node().equals(me) && !held.contains(row.entry()))
        .toList();
  }

  /**
   * At a stop: shows the others that this node is leaving. Who cannot be told finds out by the
   * lease.
   */
  void announceDrain() {
    try {
      transactions.<Void, SQLException>read(
          c -> {
            nodes.draining(c, checkIn.instanceName());
            return null;
          });
    } catch (SQLException e) {
      LOG.debug("cannot show that this node drains: {}", e.getMessage());
    }
  }

  /**
   * At a stop: hands back everything this node still runs.
   *
   * @param kept execution ids that are left: their attempts have ended and wait to be written
   * @return how many rows
   */
  int handBackOwn(Predicate<String> kept) throws SQLException {
    String me = checkIn.instanceName();
    int all = 0;
    while (true) {
      Rest rest =
          transactions.locked(
              c -> {
                List<FiredRow> mine =
                    rows.fired().lockOfNodes(c, List.of(me), LARGEST_BATCH).stream()
                        .filter(row -> !kept.test(row.entry()))
                        .toList();
                HandedBack handed =
                    handBack.run(
                        c,
                        mine,
                        Reasons.DRAINED,
                        row -> !inFlight.mayBeSent(row.entry()),
                        checkIn.databaseNow());
                return new Rest(mine.size(), handed);
              });
      rest.handed().counted(metrics);
      all += rest.rows();
      if (rest.rows() == 0) {
        return all;
      }
    }
  }

  private record Rest(int rows, HandedBack handed) {}

  /** At a stop, after everything is handed back: leaves the cluster. */
  void leave() throws SQLException {
    transactions.locked(
        c -> {
          nodes.delete(c, List.of(checkIn.instanceName()));
          return null;
        });
  }
}
