package io.carillon.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a table with ascending ids has been read, when ids can be committed out of order: a
 * transaction that got its ids earlier may commit later, or never. Ids that were passed over are
 * holes; each is watched for a time, and no more than {@link #MOST} are. Pure; one thread.
 */
final class Holes {
  static final int MOST = 100;

  private final long patienceNanos;
  private final TreeMap<Long, Hole> holes = new TreeMap<>();
  private long after;

  /** Ids that were not there when a later one was, both ends included. */
  record Hole(long from, long to, long sinceNanos) {}

  /**
   * @param patience how long a transaction may take from its insert to its commit
   */
  Holes(Duration patience, long after) {
    this.patienceNanos = patience.toNanos();
    this.after = after;
  }

  /** The largest id read. */
  long after() {
    return after;
  }

  /** The largest id of which nothing before is missing: where a reader can go on from. */
  long settled() {
    return holes.isEmpty() ? after : holes.firstKey() - 1;
  }

  List<Hole> open() {
    return List.copyOf(holes.values());
  }

  /**
   * An id was read.
   *
   * @param nanos the monotonic clock
   * @return whether it is seen for the first time
   */
  boolean read(long id, long nanos) {
    if (id > after) {
      if (id > after + 1) {
        holes.put(after + 1, new Hole(after + 1, id - 1, nanos));
      }
      after = id;
      while (holes.size() > MOST) {
        holes.pollFirstEntry();
      }
      return true;
    }
    Map.Entry<Long, Hole> around = holes.floorEntry(id);
    if (around == null || around.getValue().to() < id) {
      return false;
    }
    Hole hole = around.getValue();
    holes.remove(hole.from());
    if (hole.from() < id) {
      holes.put(hole.from(), new Hole(hole.from(), id - 1, hole.sinceNanos()));
    }
    if (id < hole.to()) {
      holes.put(id + 1, new Hole(id + 1, hole.to(), hole.sinceNanos()));
    }
    return true;
  }

  /** Gives up what has been missing for too long: its transaction was rolled back. */
  void giveUp(long nanos) {
    new ArrayList<>(holes.values())
        .stream()
            .filter(hole -> nanos - hole.sinceNanos() >= patienceNanos)
            .forEach(hole -> holes.remove(hole.from()));
  }
}
