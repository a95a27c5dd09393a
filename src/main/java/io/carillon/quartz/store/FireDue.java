package io.carillon.quartz.store;

import io.carillon.execution.Lane;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Skipped;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Plan;
import io.carillon.execution.StoreParticipant.Settled;
import io.carillon.execution.Turns;
import io.carillon.job.JobId;
import io.carillon.quartz.store.JobRows.Course;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires and fires what is due, in one transaction: triggers move on, FIRED and execution rows
 * appear together, or nothing does. There is no moment at which a trigger is acquired and not
 * fired, so a node that freezes there cannot fire again on waking. A row that cannot be read is
 * parked in ERROR and the rest goes on. A trigger of ours that fires for the last time goes at
 * once: its FIRED row holds the job, and a retry or a takeover plants another. The number of
 * statements does not grow with the batch.
 */
final class FireDue {
  private static final Logger LOG = LoggerFactory.getLogger(FireDue.class);

  /** The higher class of priority first; within a class as it is due. */
  private static final Comparator<TriggerRow> IN_ORDER =
      Comparator.comparingInt((TriggerRow row) -> Turns.classOf(row.priority()))
          .thenComparingLong(TriggerRow::nextFireTime)
          .thenComparing(TriggerRow::priority, Comparator.reverseOrder());

  private final TriggerRows triggers;
  private final TriggerChanges changes;
  private final JobRows jobs;
  private final FiredRows fired;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final NextFire nextFire;
  private final SlowPath slowPath;
  private final HeldQueues queues;
  private final QueuedRuns queuedRuns;
  private final Holding holding;
  private final PassedOver passedOver;
  private final DueClasses classes;

  FireDue(
      Rows rows,
      OrphanJobs orphans,
      StoreParticipant participant,
      NextFire nextFire,
      SlowPath slowPath,
      HeldQueues queues,
      Holding holding) {
    this.holding = holding;
    this.passedOver = new PassedOver(rows, participant);
    this.queues = queues;
    this.slowPath = slowPath;
    this.queuedRuns = new QueuedRuns(rows);
    this.nextFire = nextFire;
    this.triggers = rows.triggers();
    this.classes = rows.classes();
    this.changes = rows.changes();
    this.jobs = rows.jobs();
    this.fired = rows.fired();
    this.orphans = orphans;
    this.participant = participant;
  }

  /**
   * What a batch did.
   *
   * @param shots to be run once the transaction is committed
   * @param duplicates instants that had been fired before; moved on without a run
   * @param parked triggers that could not be read
   * @param skipped planned instants that were not run, by reason
   * @param held runs that a limit holds, by reason
   * @param lanes that are to be looked at once the transaction is committed
   * @param left due triggers that were left as they are
   * @param vain nothing was to be had that is due for long enough: somebody else has it locked
   */
  record Result(
      List<Shot> shots,
      int duplicates,
      int parked,
      Map<String, Integer> skipped,
      Map<String, Integer> held,
      Set<Lane> lanes,
      int left,
      boolean vain) {
    static final Result NOTHING = of(true);

    private static Result of(boolean vain) {
      return new Result(List.of(), 0, 0, Map.of(), Map.of(), Set.of(), 0, vain);
    }
  }

  /**
   * What to fire.
   *
   * @param now what is due then
   * @param from when the first of it was due, in milliseconds; 0 if that is not known
   * @param ripe nothing is fired unless the first of it was due by then
   * @param most at most so many
   * @param without left out
   * @param tried is filled with the names of what is about to be fired
   * @param pauses whether any queue was ever paused, as the same transaction sees it
   * @param limited whether any queue is limited, likewise
   * @param mixed the classes of a backlog, if there are several
   */
  record Order(
      Instant now,
      long from,
      Instant ripe,
      int most,
      Collection<TriggerName> without,
      Collection<TriggerName> tried,
      boolean pauses,
      boolean limited,
      Census.Mixed mixed) {}

  /** Fires what is due, under the given instance name. */
  Result run(Connection connection, Order order, String node) throws SQLException {
    Instant now = order.now();
    QueuePauses pauses = order.pauses() ? queues.pauses(connection, now) : QueuePauses.NONE;
    int reach = HeldQueues.reach(pauses, order.most() + order.without().size());
    List<TriggerRow> locked = lockDue(connection, order, reach);
    if (locked.stream().noneMatch(row -> row.nextFireTime() <= order.ripe().toEpochMilli())) {
      order.tried().clear();
      return Result.of(true);
    }
    List<TriggerRow> open =
        queues.open(connection, pauses, locked).stream()
            .filter(row -> !order.without().contains(row.name()))
            .toList();
    // More may have been locked than are fired: of a mixed backlog the first have their shares.
    List<TriggerRow> due =
        (order.mixed().spans().isEmpty() ? open.stream().sorted(IN_ORDER) : open.stream())
            .limit(order.most())
            .sorted(IN_ORDER)
            .toList();
    order.tried().clear();
    due.forEach(row -> order.tried().add(row.name()));
    if (due.isEmpty()) {
      return Result.of(false);
    }
    List<TriggerName> parked = new ArrayList<>();
    List<TriggerRow> slow = new ArrayList<>();
    Map<Due, TriggerRow> byDue = readable(connection, due, slow, parked);
    OpenRuns runs = queuedRuns::open;
    DueLimits limits = holding.limits(order.limited(), now);
    Fired result =
        participant.fired(
            connection, List.copyOf(byDue.keySet()), node, now, runs.beside(pauses, limits));

    TriggerFates fates = new TriggerFates(result, nextFire, parked);
    byDue.forEach(fates::decide);
    fates.write(connection, changes);
    Settled settled = result.settled();
    changes.insert(connection, QueuedRuns.triggers(settled, byDue, now));
    changes.insert(connection, Holding.triggers(settled.held(), byDue, now));
    queuedRuns.giveWay(connection, settled.overtaken(), participant, now);
    List<Shot> shots = fates.shots();
    fired.insert(connection, shots);
    limits.grant(connection, result.firings().values());
    passedOver.goOn(connection, settled.expired(), now);
    orphans.remove(connection, fates.over(), now);
    Result one = slow.isEmpty() ? Result.NOTHING : slowPath.fire(connection, slow, node, now);
    Set<Lane> lanes = holding.write(connection, settled.held(), byDue, now);
    if (!one.shots().isEmpty()) {
      shots.addAll(one.shots());
      shots.sort(Comparator.comparing(Shot::trigger, IN_ORDER));
    }
    return new Result(
        shots,
        fates.duplicates() + one.duplicates(),
        parked.size() + one.parked(),
        Skipped.byReason(settled.skips().values()),
        settled.held().values().stream()
            .collect(
                Collectors.groupingBy(
                    stopped -> stopped.verdict().reason(), Collectors.summingInt(stopped -> 1))),
        lanes,
        result.left().size(),
        false);
  }

  private List<TriggerRow> lockDue(Connection connection, Order order, int most)
      throws SQLException {
    long now = order.now().toEpochMilli();
    Census.Mixed mixed = order.mixed();
    return mixed.spans().isEmpty()
        ? triggers.lockDue(connection, order.from(), now, most)
        : classes.lock(connection, mixed.spans(), now, most, mixed.turn());
  }

  /**
   * The due attempts that can be fired in a set, in due order; the others are noted as slow or
   * parked.
   */
  private Map<Due, TriggerRow> readable(
      Connection connection, List<TriggerRow> rows, List<TriggerRow> slow, List<TriggerName> parked)
      throws SQLException {
    Map<JobId, Course> runnable =
        jobs.runnable(
            connection,
            rows.stream().filter(row -> row.job() != null).map(TriggerRow::requireJob).toList());
    Map<Due, TriggerRow> byDue = new LinkedHashMap<>();
    for (TriggerRow row : rows) {
      if (row.job() == null || !runnable.containsKey(row.job())) {
        park(row, "its job is not of our class, or its JobDetail is missing", parked);
        continue;
      }
      if (row.kind() instanceof TriggerRow.Other
          || runnable.get(row.requireJob()) == Course.SLOW_PATH) {
        slow.add(row);
        continue;
      }
      try {
        nextFire.check(row);
      } catch (NextFire.Unreadable e) {
        park(row, e.getMessage(), parked);
        continue;
      }
      byDue.put(due(row), row);
    }
    return byDue;
  }

  /** What a due trigger asks for. */
  static Due due(TriggerRow row) {
    JobId job = row.requireJob();
    return row.name()
        .repeat()
        .map(r -> Due.repeat(r.execution(), job, r.attempt()))
        .orElseGet(() -> Due.planned(job, Instant.ofEpochMilli(row.planned()), plan(row)));
  }

  private static Plan plan(TriggerRow row) {
    if (row.kind() instanceof TriggerRow.Own) {
      return Plan.IN_SCHEDULE;
    }
    boolean ours =
        row.name().isOfOurMaking(row.requireJob()) && !(row.kind() instanceof TriggerRow.Other);
    return ours ? Plan.IN_TRIGGER : Plan.FOREIGN;
  }

  /** Notes a trigger that cannot be fired, and says why. */
  static void park(TriggerRow row, String why, List<TriggerName> parked) {
    LOG.error(
        "trigger {} of group {} is parked in ERROR: {}",
        row.name().name(),
        row.name().group(),
        why);
    parked.add(row.name());
  }
}
