package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.LaneRows;
import io.carillon.quartz.store.LaneSuspects.Kind;
import io.carillon.quartz.store.LaneSuspects.Suspect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts right what is held without a place, waits without a trigger, or has a permit and does not
 * run; looks at every lane in which something waits, should a word have been lost; and takes lanes
 * away that nothing needs. Costs one statement where nothing is limited. For the reconciler's
 * thread only.
 */
final class LaneRepair {
  private static final int LARGEST_BATCH = 200;
  private static final Duration UNUSED = Duration.ofSeconds(60);

  private final LaneSuspects suspects;
  private final Rows rows;
  private final LaneRows lanes;
  private final Suspicion<Suspect> seen;

  LaneRepair(LaneSuspects suspects, Rows rows, LaneRows lanes, Duration suspicion) {
    this.suspects = suspects;
    this.rows = rows;
    this.lanes = lanes;
    this.seen = new Suspicion<>(suspicion);
  }

  /** Looks, and takes what has looked wrong for a while and still does. Takes no lock. */
  Set<Suspect> look(Connection connection) throws SQLException {
    if (!suspects.isUsed(connection)) {
      return Set.of();
    }
    lanes.wakeAll(connection);
    Set<Suspect> now = suspects.all(connection);
    seen.note(now, System.nanoTime());
    Set<Suspect> ripe = new LinkedHashSet<>(seen.take(LARGEST_BATCH, System.nanoTime()));
    ripe.retainAll(now);
    return ripe;
  }

  boolean hasUnused(Connection connection, Instant now) throws SQLException {
    return lanes.hasUnused(connection, now.minus(UNUSED));
  }

  /** Under the lock row, exclusively: nothing fires or ends meanwhile. */
  List<Healed> heal(Connection connection, Set<Suspect> ripe, Instant now) throws SQLException {
    lanes.sweep(connection, now.minus(UNUSED));
    if (ripe.isEmpty()) {
      return List.of();
    }
    Set<Suspect> still = suspects.all(connection);
    still.retainAll(ripe);
    List<Healed> healed = new ArrayList<>();
    List<TriggerName> triggers = new ArrayList<>();
    List<ExecutionId> waiting = new ArrayList<>();
    List<ExecutionId> permitted = new ArrayList<>();
    List<ExecutionId> going = new ArrayList<>();
    for (Suspect one : still) {
      boolean isPermit = one.kind() == Kind.PERMIT || one.kind() == Kind.PERMIT_OF_OVER;
      if (one.kind() == Kind.TRIGGER) {
        triggers.add(new TriggerName(one.name(), one.group()));
      } else if (isPermit) {
        permitted.add(new ExecutionId(one.name()));
        if (one.kind() == Kind.PERMIT) {
          going.add(new ExecutionId(one.name()));
        }
      } else {
        ExecutionId.parse(one.name()).ifPresent(waiting::add);
      }
      healed.add(new Healed(isPermit ? Ownerless.PERMIT_LEFT : Ownerless.HELD_LOST, one.name()));
    }
    // It is due, and held anew if it has to be.
    rows.changes().move(connection, triggers, TriggerRow.HELD, TriggerRow.WAITING);
    lanes.remove(connection, waiting);
    if (!permitted.isEmpty()) {
      lanes.release(connection, permitted, going);
    }
    return healed;
  }
}
