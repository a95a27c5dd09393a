package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Held;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.Lanes;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Stopped;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets held executions go, as many as their lanes have room for, in one transaction: lanes are
 * locked as far as nobody else has them, permits are counted, and what goes is fired as anything
 * that is due, so that caps and rates are exact over the cluster. What another lane stops moves
 * there. The number of statements does not grow with the batch. Thread-safe.
 */
final class AdmitHeld {
  static final int MOST_LANES = 32;

  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final HeldQueues queues;
  private final LaneRows lanes;
  private final HostCalls calls;
  private final PassedOver passedOver;

  AdmitHeld(
      Rows rows,
      OrphanJobs orphans,
      StoreParticipant participant,
      HeldQueues queues,
      HostCalls calls) {
    this.rows = rows;
    this.orphans = orphans;
    this.participant = participant;
    this.queues = queues;
    this.lanes = participant.queues().lanes();
    this.calls = calls;
    this.passedOver = new PassedOver(rows, participant);
  }

  /**
   * What was done.
   *
   * @param shots to be run once the transaction is committed
   * @param expired how many had waited too long, and were skipped
   * @param lanes that were looked at
   * @param next lanes to look at once the transaction is committed
   * @param more whether in one that was looked at there is more to let go at once
   */
  record Result(List<Shot> shots, int expired, Set<Lane> lanes, Set<Lane> next, boolean more) {
    static final Result NOTHING = new Result(List.of(), 0, Set.of(), Set.of(), false);
  }

  /** What goes, what is not run any more, and the lanes to which others moved. */
  private record Let(List<Shot> shots, int expired, Set<Lane> moved) {
    static final Let NONE = new Let(List.of(), 0, Set.of());
  }

  /**
   * What to let go.
   *
   * @param most at most so many
   * @param rung lanes to look at, whether their rows say so or not
   * @param pauses whether any queue was ever paused, as the same transaction sees it
   * @param without triggers that are left out, due ones among them
   * @param tried is filled with the names of what is about to be let go
   */
  record Order(
      Instant now,
      int most,
      Collection<Lane> rung,
      boolean pauses,
      Collection<TriggerName> without,
      Collection<TriggerName> tried) {}

  /**
   * @param node the instance name to fire under
   */
  Result run(Connection connection, Order order, String node) throws SQLException {
    Instant now = order.now();
    List<Locked> ready = ready(connection, order.rung());
    if (ready.isEmpty()) {
      return Result.NOTHING;
    }
    QueuePauses paused = order.pauses() ? queues.pauses(connection, now) : QueuePauses.NONE;
    Map<String, Gate> shut = lanes.gates().any() ? lanes.gates().shut(connection, now) : Map.of();
    Desks desks = new Desks(new Desks.Known(lanes.limited(connection), shut, calls, paused, now));
    desks.add(ready, lanes.taken(connection, ready.stream().map(Locked::lane).toList()));
    Map<Lane, Integer> wanted = desks.wanted(order.most());
    List<Held> found = first(connection, wanted, order.without());
    Map<TriggerName, Held> picked = new LinkedHashMap<>();
    Picks.of(desks, found, wanted, order.most())
        .forEach(held -> picked.put(HeldBatch.nameOf(held), held));
    order.tried().addAll(picked.keySet());
    HeldBatch batch = HeldBatch.lock(connection, rows, picked, desks);
    Let let =
        batch.byDue().isEmpty() ? Let.NONE : fire(connection, batch, desks, order, node, paused);
    if (batch.byDue().isEmpty()) {
      lanes.remove(connection, batch.gone());
    }
    lanes.write(connection, desks.written(), now);
    Set<Lane> looked = ready.stream().map(Locked::lane).collect(Collectors.toSet());
    return new Result(let.shots(), let.expired(), looked, let.moved(), desks.isReady());
  }

  /** Those in which something waits. Takes no lock. */
  Set<Lane> waiting(Connection connection, Collection<Lane> among) throws SQLException {
    Map<Lane, Integer> any = among.stream().collect(Collectors.toMap(lane -> lane, lane -> 1));
    return lanes.waiting(connection, any).keySet();
  }

  private List<Locked> ready(Connection connection, Collection<Lane> rung) throws SQLException {
    Map<Lane, Locked> ready = new LinkedHashMap<>();
    lanes.lockReady(connection, MOST_LANES).forEach(row -> ready.put(row.lane(), row));
    Set<Lane> others = new LinkedHashSet<>(rung);
    others.removeAll(ready.keySet());
    if (!others.isEmpty()) {
      lanes.lock(connection, others).forEach(row -> ready.put(row.lane(), row));
    }
    return List.copyOf(ready.values());
  }

  /** The first that wait in each lane, past those that are left out. */
  private List<Held> first(
      Connection connection, Map<Lane, Integer> wanted, Collection<TriggerName> without)
      throws SQLException {
    if (without.isEmpty()) {
      return lanes.first(connection, wanted);
    }
    Map<Lane, Integer> more = new LinkedHashMap<>();
    wanted.forEach((lane, count) -> more.put(lane, count == 0 ? 0 : count + without.size()));
    return lanes.first(connection, more).stream()
        .filter(held -> !without.contains(HeldBatch.nameOf(held)))
        .toList();
  }

  private Let fire(
      Connection connection,
      HeldBatch batch,
      Desks desks,
      Order order,
      String node,
      QueuePauses paused)
      throws SQLException {
    Instant now = order.now();
    Lanes judged = (c, jobs, expired) -> judge(c, jobs, expired, batch, desks, order);
    OpenRuns none = (c, jobs) -> Map.of();
    Fired fired =
        participant.fired(
            connection,
            List.copyOf(batch.byDue().keySet()),
            node,
            now,
            none.beside(paused, judged));
    List<Shot> shots = new ArrayList<>();
    List<Held> moved = new ArrayList<>();
    List<Permit> permits = new ArrayList<>();
    List<TriggerName> unreadable = new ArrayList<>();
    Map<TriggerName, String> gone = new LinkedHashMap<>();
    Set<JobId> over = new LinkedHashSet<>();
    Set<ExecutionId> out = new LinkedHashSet<>(batch.gone());
    batch
        .byDue()
        .forEach(
            (due, row) -> {
              Held held = batch.held().get(due);
              Firing firing = fired.firings().get(due);
              Stopped stopped = fired.settled().held().get(due);
              if (held == null) {
                return;
              }
              if (fired.left().contains(due)) {
                desks.dropped(held.id());
                return;
              }
              out.add(held.id());
              if (stopped != null) {
                moved.add(held.in(stopped.verdict().lane(), stopped.verdict().reason()));
                permits.addAll(desks.permits(held.id()));
              } else if (fired.unknownJobs().contains(held.jobId())) {
                unreadable.add(row.name());
              } else {
                gone.put(row.name(), type(row));
                if (firing == null) {
                  over.add(held.jobId());
                  desks.dropped(held.id());
                  desks.again(held);
                } else {
                  shots.add(new Shot(firing, row));
                  permits.addAll(desks.permits(held.id()));
                }
              }
            });
    rows.changes().delete(connection, gone);
    // Whoever fires next finds out what is wrong with them.
    rows.changes().move(connection, unreadable, TriggerRow.HELD, TriggerRow.WAITING);
    rows.fired().insert(connection, shots);
    Map<ExecutionId, JobId> expired = fired.settled().expired();
    passedOver.goOn(connection, expired, now);
    orphans.remove(connection, over, now);
    lanes.remove(connection, out);
    lanes.permit(connection, permits);
    return new Let(shots, expired.size(), lanes.hold(connection, moved, List.of(), now));
  }

  private static String type(TriggerRow row) {
    return row.kind() == null ? TriggerRow.Simple.TYPE : row.kind().type();
  }

  /** Decides on all that was picked, in order, once their definitions are known. */
  private Lanes.Judge judge(
      Connection connection,
      Collection<Job> jobs,
      Set<ExecutionId> expired,
      HeldBatch batch,
      Desks desks,
      Order order)
      throws SQLException {
    Map<JobId, Job> byId = jobs.stream().collect(Collectors.toMap(Job::id, job -> job));
    Map<ExecutionId, Job> byRun = new HashMap<>();
    batch
        .held()
        .values()
        .forEach(
            held -> {
              Job job = byId.get(held.jobId());
              if (job != null && !expired.contains(held.id())) {
                byRun.put(held.id(), job);
              }
            });
    Set<Lane> missing = desks.missing(batch.held().values(), byRun);
    if (!missing.isEmpty()) {
      List<Locked> locked = lanes.lock(connection, missing);
      desks.add(locked, lanes.taken(connection, locked.stream().map(Locked::lane).toList()));
    }
    boolean ordered =
        batch.held().values().stream().anyMatch(held -> held.lane().kind() == Lane.Kind.FIFO);
    Long first = ordered ? rows.look().firstDue(connection, order.without()) : null;
    Instant firstDue = first == null ? null : Instant.ofEpochMilli(first);
    Map<ExecutionId, Verdict> verdicts = new HashMap<>();
    for (Held held : batch.held().values()) {
      Job job = byRun.get(held.id());
      if (job != null) {
        verdicts.put(
            held.id(),
            desks.judge(
                held,
                job,
                firstDue,
                (host, id) -> lanes.gates().claimProbe(connection, host, id, order.now())));
      }
    }
    return (id, job, attempt) -> verdicts.getOrDefault(id, Verdict.LEAVE);
  }
}
