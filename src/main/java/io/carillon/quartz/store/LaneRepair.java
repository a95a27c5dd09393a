package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.quartz.store.LaneSuspects.Kind;
import io.carillon.quartz.store.LaneSuspects.Suspect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts right what is held without a place, waits without a trigger, or has a permit and does not
 * run; looks at every lane in which something waits, should a word have been lost; and takes lanes
 * away that nothing needs. What is held is looked at in parts, so a look costs the same however
 * much it is; one statement where nothing is limited. For the reconciler's thread only.
 */
final class LaneRepair {
  private static final int LARGEST_BATCH = 200;
  private static final Duration UNUSED = Duration.ofSeconds(60);

  /** Lanes that are taken away at each look, and in each transaction. */
  private static final int MOST_SWEPT = 5_000;

  private static final int SWEPT_AT_ONCE = 500;

  private final LaneSuspects suspects;
  private final Rows rows;
  private final LaneRows lanes;
  private final Suspicion<Suspect> seen;
  private LaneSuspects.Place place = LaneSuspects.Place.START;

  LaneRepair(LaneSuspects suspects, Rows rows, LaneRows lanes, Duration suspicion) {
    this.suspects = suspects;
    this.rows = rows;
    this.lanes = lanes;
    this.seen = new Suspicion<>(suspicion);
  }

  /** Looks, and takes what has looked wrong for a while. Takes no lock. */
  Set<Suspect> look(Connection connection, Instant now) throws SQLException {
    if (!suspects.isUsed(connection)) {
      return Set.of();
    }
    lanes.wakeAll(connection, now);
    LaneSuspects.Page page = suspects.next(connection, place);
    place = page.last();
    seen.note(page.found(), System.nanoTime());
    return seen.take(LARGEST_BATCH, System.nanoTime());
  }

  /** Lanes that nothing needs, as many together as go in one transaction. */
  List<List<Lane>> unused(Connection connection, Instant now) throws SQLException {
    List<Lane> all = lanes.unused(connection, now.minus(UNUSED), MOST_SWEPT);
    List<List<Lane>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += SWEPT_AT_ONCE) {
      chunks.add(all.subList(from, Math.min(all.size(), from + SWEPT_AT_ONCE)));
    }
    return chunks;
  }

  /** Under the lock row, exclusively: nothing comes to need them meanwhile. */
  void sweep(Connection connection, List<Lane> some, Instant now) throws SQLException {
    lanes.sweep(connection, some, now.minus(UNUSED));
  }

  /** Under the lock row, exclusively: nothing fires or ends meanwhile. */
  List<Healed> heal(Connection connection, Set<Suspect> ripe) throws SQLException {
    Set<Suspect> still = suspects.among(connection, ripe);
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
