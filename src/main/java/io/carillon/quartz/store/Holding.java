package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.Lanes;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.Need;
import io.carillon.execution.Reasons;
import io.carillon.execution.Stopped;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.Turns;
import io.carillon.job.Job;
import io.carillon.job.QueueSettings;
import io.carillon.job.TargetHost;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts due runs that something limits aside, in the transaction that would have fired them: each
 * waits with a trigger of its own in the state HELD, in the first lane that it has to pass, and
 * {@link AdmitHeld} lets it go. So whoever fires never looks at them again. What is limited by
 * nothing costs nothing here. Thread-safe.
 */
final class Holding {
  private final LaneRows rows;
  private final HostCalls calls;

  Holding(LaneRows rows, HostCalls calls) {
    this.rows = rows;
    this.calls = calls;
  }

  /**
   * Which of the due runs wait. One statement if any queue is limited, one if any host may not be
   * called, else none.
   *
   * @param limited whether any queue is, as the same transaction sees it
   */
  Lanes lanes(boolean limited, Instant now) {
    return (connection, jobs, over) -> judge(connection, limited, now);
  }

  private Lanes.Judge judge(Connection connection, boolean limited, Instant now)
      throws SQLException {
    Map<Lane, QueueSettings> queues = limited ? rows.limited(connection) : Map.of();
    Map<String, Gate> shut = rows.gates().any() ? rows.gates().shut(connection, now) : Map.of();
    Map<String, Set<ExecutionId>> granted = new HashMap<>();
    return (id, job, attempt) -> {
      Lane queue = Lane.queue(job.id().namespace(), job.queue());
      List<Need> needs = Need.of(job, queues.get(queue), attempt);
      String host = TargetHost.of(job.target());
      if (host != null && shut.containsKey(host) && !isStrict(needs)) {
        return wait(Lane.host(host), Reasons.CIRCUIT_OPEN, needs);
      }
      if (!needs.isEmpty()) {
        return wait(needs.get(0).lane(), needs.get(0).reason(), needs);
      }
      return host == null
          ? Verdict.GO
          : beside(host, id, granted.computeIfAbsent(host, same -> new LinkedHashSet<>()));
    };
  }

  private static boolean isStrict(List<Need> needs) {
    return !needs.isEmpty() && needs.get(0).lane().kind() == Lane.Kind.FIFO;
  }

  private static Verdict wait(Lane lane, String reason, List<Need> needs) {
    return new Verdict.Wait(lane, reason, needs.stream().map(Need::lane).toList());
  }

  /** A host that has this node's share of calls: those that are quick are worth waiting for. */
  private Verdict beside(String host, ExecutionId id, Set<ExecutionId> granted) {
    if (!granted.contains(id) && calls.free(host) <= granted.size()) {
      return calls.isSlow(host)
          ? wait(Lane.host(host), Reasons.CONCURRENCY, List.of())
          : Verdict.LEAVE;
    }
    granted.add(id);
    return Verdict.GO;
  }

  /** The triggers that planned instants need which are held. */
  static List<TriggerRow> triggers(
      Map<Due, Stopped> held, Map<Due, TriggerRow> byDue, Instant now) {
    List<TriggerRow> triggers = new ArrayList<>();
    held.forEach(
        (due, stopped) -> {
          TriggerRow own = byDue.get(due);
          if (due.id() == null && own != null) {
            triggers.add(
                TriggerRow.once(
                    new TriggerName(TriggerName.nameOf(stopped.id(), 1), own.name().group()),
                    own.requireJob(),
                    TriggerRow.HELD,
                    "waits for a limit",
                    own.priority(),
                    now.toEpochMilli()));
          }
        });
    return triggers;
  }

  /**
   * Writes where they wait. Two statements if there are any; the last of the transaction.
   *
   * @return lanes to be looked at once it is committed
   */
  Set<Lane> write(
      Connection connection, Map<Due, Stopped> held, Map<Due, TriggerRow> byDue, Instant now)
      throws SQLException {
    List<Held> runs = new ArrayList<>();
    Set<Lane> passes = new LinkedHashSet<>();
    held.forEach(
        (due, stopped) -> {
          TriggerRow own = byDue.get(due);
          if (own != null) {
            runs.add(run(stopped, own, now));
            passes.addAll(stopped.verdict().passes());
          }
        });
    return runs.isEmpty() ? Set.of() : rows.hold(connection, runs, passes, now);
  }

  private static Held run(Stopped stopped, TriggerRow own, Instant now) {
    Job job = stopped.job();
    @Nullable String host = TargetHost.of(job.target());
    return new Held(
        stopped.id(),
        stopped.attempt(),
        job.id(),
        own.name().queue(job.id().namespace()),
        Turns.classOf(own.priority()),
        host,
        stopped.verdict().lane(),
        stopped.verdict().reason(),
        now);
  }
}
