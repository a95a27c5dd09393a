package io.carillon.quartz.store;

import io.carillon.execution.Firing;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Move;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the triggers of a batch that was fired: moved on, gone, finished or parked. One
 * batch, one thread.
 */
final class TriggerFates {
  private final Fired fired;
  private final NextFire nextFire;

  private final List<Shot> shots = new ArrayList<>();
  private final List<TriggerRow> moved = new ArrayList<>();
  private final Map<TriggerName, String> gone = new LinkedHashMap<>();
  private final List<TriggerName> finished = new ArrayList<>();
  private final List<TriggerName> held = new ArrayList<>();
  private final List<TriggerName> parked;
  private final List<JobId> over = new ArrayList<>();
  private int duplicates;

  /**
   * @param parked those that could not be read, added to
   */
  TriggerFates(Fired fired, NextFire nextFire, List<TriggerName> parked) {
    this.fired = fired;
    this.nextFire = nextFire;
    this.parked = parked;
  }

  void decide(Due due, TriggerRow row) {
    if (fired.left().contains(due)) {
      return;
    }
    if (fired.unknownJobs().contains(row.requireJob())) {
      FireDue.park(row, "its job has no row in table job", parked);
      return;
    }
    boolean isHeld = fired.settled().held().containsKey(due);
    if (isHeld && due.id() != null) {
      held.add(row.name());
      return;
    }
    Firing firing = fired.firings().get(due);
    Move move = fired.settled().moves().get(due);
    if (firing != null) {
      shots.add(new Shot(firing, row));
    } else if (move == null
        && !isHeld
        && !fired.settled().queued().containsValue(due)
        && !isExpired(due)) {
      duplicates++;
    }
    TriggerRow next = next(row, move);
    boolean last = due.id() == null && fired.exhausted().contains(row.requireJob());
    if (next.firesAgain() && !last) {
      moved.add(next);
    } else if (firing != null && !row.name().isOfOurMaking(row.requireJob())) {
      finished.add(row.name());
    } else {
      gone.put(row.name(), row.requireKind().type());
      if (firing == null) {
        over.add(row.requireJob());
      }
    }
  }

  private boolean isExpired(Due due) {
    return due.id() != null && fired.settled().expired().containsKey(due.id());
  }

  private TriggerRow next(TriggerRow row, @Nullable Move move) {
    if (move != null) {
      return row.moved(move);
    }
    if (row.kind() instanceof TriggerRow.Own) {
      return row.moved(new Move(null, null));
    }
    try {
      return nextFire.afterFiring(row);
    } catch (NextFire.Unreadable e) {
      throw new IllegalStateException("a trigger was readable a moment ago: " + row.name(), e);
    }
  }

  /** Five statements, and one for each type of those that go. */
  void write(Connection connection, TriggerChanges changes) throws SQLException {
    changes.advance(connection, moved);
    changes.delete(connection, gone);
    changes.finish(connection, finished);
    changes.park(connection, parked);
    changes.move(connection, held, TriggerRow.WAITING, TriggerRow.HELD);
  }

  List<Shot> shots() {
    return shots;
  }

  /** Jobs of which a trigger went without a run. */
  List<JobId> over() {
    return over;
  }

  int duplicates() {
    return duplicates;
  }
}
