package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds states that nobody would ever end, left by a stock Quartz node, by a person with a SQL
 * client, or by a defect, and puts them right. One node at a time does it. A look is a handful of
 * bounded statements without locks; only what has looked ownerless for a while is judged, and
 * healed, under the lock row. Heals within a minute, but for jobs that lack rows in a table of very
 * many: those are found on a walk. Everything healed is counted, and written to the logger {@code
 * io.carillon.audit}. For the reconciler's thread only.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("io.carillon.audit");

  private static final List<String> WAITING = List.of("QUEUED", "RETRYING");
  private static final int LARGEST_BATCH = 100;
  private static final int WALK = 5_000;
  private static final int MOST_LINES = 100;
  private static final int SHOWN = 5;

  private final Transactions transactions;
  private final NodeRows nodes;
  private final CheckIn checkIn;
  private final Suspects suspects;
  private final Repairs repairs;
  private final EngineMetrics metrics;
  private final Pace pace;

  // Reconciler's thread only.
  private final JobWalk walk;
  private final Suspicion<JobId> jobs;
  private final Suspicion<ExecutionId> executions;
  private final Map<String, String> waitingAfter = new HashMap<>();

  /** What is done about the suspected. */
  record Repairs(JobRepair jobs, ExecutionRepair executions, LaneRepair lanes) {}

  /** What one look did: how many were examined under the lock row, and what was put right. */
  record Result(int examined, List<Healed> healed) {
    static final Result NOTHING = new Result(0, List.of());
  }

  Reconciler(
      Transactions transactions,
      NodeRows nodes,
      CheckIn checkIn,
      Suspects suspects,
      Repairs repairs,
      EngineMetrics metrics,
      Pace pace) {
    this.transactions = transactions;
    this.nodes = nodes;
    this.checkIn = checkIn;
    this.suspects = suspects;
    this.repairs = repairs;
    this.metrics = metrics;
    this.pace = pace;
    this.jobs = new Suspicion<>(pace.suspicion());
    this.executions = new Suspicion<>(pace.suspicion());
    this.walk = new JobWalk(suspects, WALK);
  }

  Result runOnce() throws SQLException {
    if (!checkIn.mayJudge() || !transactions.read(c -> nodes.isFirst(c, checkIn.instanceName()))) {
      return Result.NOTHING;
    }
    transactions.<Void, SQLException>read(
        connection -> {
          look(connection, System.nanoTime());
          return null;
        });
    // Executions first: what they need, their jobs must still have.
    Set<ExecutionId> lost = executions.take(LARGEST_BATCH, System.nanoTime());
    Set<JobId> damaged = jobs.take(LARGEST_BATCH, System.nanoTime());
    List<Healed> healed = new ArrayList<>(heal(lost, repairs.executions()::run));
    healed.addAll(heal(damaged, repairs.jobs()::run));
    healed.addAll(healLanes());
    tell(healed);
    return new Result(lost.size() + damaged.size(), healed);
  }

  private List<Healed> healLanes() throws SQLException {
    LaneRepair lanes = repairs.lanes();
    Instant now = checkIn.databaseNow();
    Set<LaneSuspects.Suspect> ripe = transactions.read(c -> lanes.look(c, now));
    List<Healed> healed =
        ripe.isEmpty() ? List.of() : transactions.locked(c -> lanes.heal(c, ripe));
    for (List<Lane> some : transactions.read(c -> lanes.unused(c, now))) {
      transactions.<Void, SQLException>locked(
          c -> {
            lanes.sweep(c, some, now);
            return null;
          });
    }
    return healed;
  }

  private void look(Connection connection, long nanos) throws SQLException {
    jobs.note(suspects.ofHeldTriggers(connection), nanos);
    jobs.note(suspects.ofForgottenRuns(connection), nanos);
    jobs.note(suspects.ofFinishedTriggers(connection), nanos);
    jobs.note(walk.next(connection), nanos);
    Instant begunBefore = checkIn.databaseNow().minus(pace.running());
    for (String namespace : suspects.namespaces(connection)) {
      executions.note(suspects.running(connection, namespace, begunBefore), nanos);
      for (String state : WAITING) {
        String id = waitingAfter.getOrDefault(namespace + "/" + state, "");
        Suspects.Waiting page =
            suspects.waiting(connection, new JobWalk.Place(namespace, state, id));
        executions.note(page.unplanned(), nanos);
        waitingAfter.put(namespace + "/" + state, page.last());
      }
    }
  }

  /** Heals some of a kind under the lock row. */
  @FunctionalInterface
  private interface Repair<T> {
    List<Healed> run(Connection connection, Collection<T> suspects, Instant now)
        throws SQLException;
  }

  /** One that cannot be healed must not keep the others from it: then each gets its own turn. */
  private <T> List<Healed> heal(Set<T> ripe, Repair<T> repair) throws SQLException {
    if (ripe.isEmpty()) {
      return List.of();
    }
    try {
      return transactions.locked(c -> repair.run(c, ripe, checkIn.databaseNow()));
    } catch (SQLException e) {
      if (!Failures.isAboutTheRows(e) && !Transactions.isLostRace(e)) {
        throw e;
      }
      if (ripe.size() == 1) {
        LOG.warn("{} cannot be put right: {}", ripe, e.getMessage());
        return List.of();
      }
      List<Healed> healed = new ArrayList<>();
      for (T one : ripe) {
        healed.addAll(heal(Set.of(one), repair));
      }
      return healed;
    }
  }

  private void tell(List<Healed> healed) {
    if (healed.isEmpty()) {
      return;
    }
    Map<Ownerless, List<String>> byKind = new TreeMap<>();
    healed.forEach(
        one -> byKind.computeIfAbsent(one.kind(), kind -> new ArrayList<>()).add(one.what()));
    byKind.forEach(
        (kind, what) -> {
          metrics.healed(kind.label(), what.size());
          LOG.warn(
              "{} times {} was found and put right: {}{}",
              what.size(),
              kind.label(),
              what.subList(0, Math.min(SHOWN, what.size())),
              what.size() > SHOWN ? " and others" : "");
        });
    healed.stream()
        .limit(MOST_LINES)
        .forEach(
            one ->
                AUDIT
                    .atInfo()
                    .setMessage("healed")
                    .addKeyValue("kind", one.kind().label())
                    .addKeyValue("id", one.what())
                    .addKeyValue("node", checkIn.instanceName())
                    .log());
  }
}
