package io.carillon.quartz.store;

import io.carillon.execution.Held;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.Stopped;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.Turns;
import io.carillon.job.Job;
import io.carillon.job.TargetHost;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
  private final InstantSource clock;

  Holding(LaneRows rows, HostCalls calls, InstantSource clock) {
    this.rows = rows;
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * What limits a batch.
   *
   * @param limited whether any queue is, as the same transaction sees it
   */
  DueLimits limits(boolean limited, Instant now) {
    return new DueLimits(new DirectAdmission(rows, clock), rows, calls, limited, now);
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
