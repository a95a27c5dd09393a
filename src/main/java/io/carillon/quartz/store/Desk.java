package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.LaneRows.Taken;
import io.carillon.execution.Need;
import io.carillon.execution.Pace;
import io.carillon.execution.Turns;
import org.jspecify.annotations.Nullable;

/**
 * A lane whose row this transaction has locked, as it becomes while runs are let go. One
 * transaction, one thread.
 */
final class Desk {
  /** How far ahead starts are granted at least. */
  private static final long AHEAD_MICROS = 200_000;

  /**
   * And at most, where these are but a few: so a loop that is late loses none, and few workers wait
   * for their slots.
   */
  private static final long FURTHEST_MICROS = 400_000;

  private static final int A_FEW = 20;

  /** More is granted as soon as so much less than that is. */
  private static final long STEP_MICROS = 100_000;

  private final Locked row;
  private final @Nullable ExecutionId first;
  private int taken;
  private long arrival;
  private int turn;
  private boolean looked;
  private boolean more;
  private int stayed;
  private boolean dropped;
  private @Nullable Long again;

  Desk(Locked row, @Nullable Taken with) {
    this.row = row;
    this.taken = with == null ? 0 : with.count();
    this.first = with == null ? null : with.first();
    this.arrival = row.arrival();
    this.turn = row.turn();
  }

  Lane lane() {
    return row.lane();
  }

  long now() {
    return row.now();
  }

  int turn() {
    return turn;
  }

  /** Whether a run that waits for its turn has it already. */
  boolean isHolder(ExecutionId id) {
    return id.equals(first);
  }

  /** How many more may run. */
  int room(@Nullable Integer most, int atMost) {
    return most == null ? atMost : Math.max(0, Math.min(atMost, most - taken));
  }

  /** How many may start soon. */
  int starts(@Nullable Pace pace, int atMost) {
    if (pace == null) {
      return atMost;
    }
    int count = pace.until(arrival, now(), now() + ahead(pace), atMost);
    if (count == 0) {
      lookAt(pace.earliest(arrival, now()), pace);
    }
    return count;
  }

  /** When the next may start; too far ahead, it is looked at again then. */
  long earliest(Pace pace) {
    long earliest = pace.earliest(arrival, now());
    if (earliest > now() + ahead(pace)) {
      lookAt(earliest, pace);
    }
    return earliest;
  }

  /** Whether the next may not be granted yet. */
  boolean isTooEarly(Pace pace) {
    return earliest(pace) > now() + ahead(pace);
  }

  private void lookAt(long start, Pace pace) {
    again((start - ahead(pace) + STEP_MICROS) / 1_000);
  }

  private static long ahead(Pace pace) {
    return Math.max(AHEAD_MICROS, Math.min(FURTHEST_MICROS, A_FEW * pace.interval()));
  }

  /** There is something to look at then, by the database, in milliseconds. */
  void again(long millis) {
    again = again == null ? (Long) millis : (Long) Math.min(again, millis);
  }

  void take(Need need, long start) {
    taken++;
    if (need.pace() != null) {
      arrival = need.pace().after(arrival, start);
    }
  }

  /** Runs that wait here were looked at, and of these so many went. */
  void looked(int went, boolean isMore) {
    looked = true;
    more |= isMore;
    turn = Turns.after(turn, went);
  }

  /** There is more to let go, as far as this transaction can tell. */
  void more() {
    more = true;
  }

  /**
   * Its own limit stopped a run: an event, or its time, says when to look again. It is the turn of
   * its class still.
   */
  void full() {
    stayed++;
  }

  boolean isFull() {
    return stayed > 0;
  }

  /** What was counted does not run. */
  void dropped() {
    dropped = true;
  }

  /** The row as it is to be written. */
  Locked written() {
    return new Locked(row.lane(), arrival, Turns.after(turn, -stayed), readyAt(), row.now());
  }

  /** Whether there is something to look at now. */
  boolean isReady() {
    Long at = readyAt();
    return at != null && at <= row.now() / 1_000;
  }

  boolean isChanged() {
    return !written().equals(row);
  }

  private @Nullable Long readyAt() {
    long millis = row.now() / 1_000;
    if (dropped || (more && !isFull())) {
      return millis;
    }
    if (!looked && row.readyAt() != null) {
      return again == null ? row.readyAt() : (Long) Math.min(row.readyAt(), again);
    }
    return again;
  }
}
