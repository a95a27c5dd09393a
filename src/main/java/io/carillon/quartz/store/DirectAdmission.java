package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.Lane.Kind;
import io.carillon.execution.LaneRows;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.LaneRows.Taken;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.Need;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets limited runs go in the transaction that fires them, so that a limit with room costs no
 * transaction of its own: where their lanes are locked, as far as nobody else has them, and have
 * room beside all that waits there, which therefore loses nothing. Whatever is to go in the order
 * of a key, or finds a lane in other hands or full, is held. One transaction, one thread.
 */
final class DirectAdmission {
  private static final int ANY = Integer.MAX_VALUE;

  /** Of those that wait; where there are so many, nobody goes beside them. */
  private static final int MOST_COUNTED = 1_000;

  private final LaneRows rows;
  private final InstantSource clock;
  private final Map<Lane, Desk> desks = new LinkedHashMap<>();
  private final Map<Lane, Integer> waiting = new HashMap<>();
  private final Map<ExecutionId, Verdict> gone = new HashMap<>();
  private Grants grants;

  DirectAdmission(LaneRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
    this.grants = new Grants(desks, clock.instant());
  }

  /**
   * Locks what may be needed. Three statements; none if nothing is.
   *
   * @param needs of each job that may run
   */
  void lock(Connection connection, Collection<List<Need>> needs) throws SQLException {
    Map<Lane, Integer> limits = new LinkedHashMap<>();
    for (List<Need> each : needs) {
      for (Need need : isInAnyOrder(each) ? each : List.<Need>of()) {
        if (limits.size() < AdmitHeld.MOST_LANES || limits.containsKey(need.lane())) {
          limits.merge(need.lane(), limit(need.most()), Math::max);
        }
      }
    }
    List<Locked> locked =
        limits.isEmpty() ? List.of() : rows.lockIfThere(connection, limits.keySet());
    // The starts that are granted begin when the lanes' clock was read.
    grants = new Grants(desks, clock.instant());
    Map<Lane, Taken> taken = rows.taken(connection, locked.stream().map(Locked::lane).toList());
    Map<Lane, Integer> free = new LinkedHashMap<>();
    for (Locked row : locked) {
      Desk desk = new Desk(row, taken.get(row.lane()));
      int room = desk.room(limits.get(row.lane()), ANY);
      if (room > 0) {
        desks.put(row.lane(), desk);
        free.put(row.lane(), Math.min(room, MOST_COUNTED));
      }
    }
    waiting.putAll(rows.waiting(connection, free));
  }

  private static int limit(@Nullable Integer most) {
    return most == null ? ANY : most;
  }

  private static boolean isInAnyOrder(List<Need> needs) {
    return needs.stream().noneMatch(need -> need.lane().kind().isStrict());
  }

  /** Whether a run may go now, as its lanes have it. */
  boolean hasRoom(ExecutionId id, List<Need> needs) {
    return gone.containsKey(id) || (isInAnyOrder(needs) && needs.stream().allMatch(this::hasRoom));
  }

  private boolean hasRoom(Need need) {
    Desk desk = desks.get(need.lane());
    if (desk == null) {
      return false;
    }
    int before = waiting.getOrDefault(need.lane(), 0);
    if (need.pace() == null && need.lane().kind() != Kind.JOBS_HOST) {
      return before < MOST_COUNTED && desk.room(need.most(), ANY) > before;
    }
    // The next starts belong to those that wait, and where each job has a number of its own, who
    // has the smallest would wait for ever.
    return before == 0
        && desk.room(need.most(), 1) == 1
        && (need.pace() == null || !desk.isTooEarly(need.pace()));
  }

  /** It goes, and is counted. */
  Verdict take(ExecutionId id, List<Need> needs) {
    return needs.isEmpty() ? Verdict.GO : gone.computeIfAbsent(id, same -> grants.go(id, needs));
  }

  /** Writes the permits of what was fired. Sends nothing if there are none. */
  void write(Connection connection, Collection<ExecutionId> fired) throws SQLException {
    List<Permit> permits = fired.stream().flatMap(id -> grants.permits(id).stream()).toList();
    if (!permits.isEmpty()) {
      rows.permit(connection, permits);
    }
    List<Locked> written =
        desks.values().stream().filter(Desk::isChanged).map(Desk::written).toList();
    if (!written.isEmpty()) {
      rows.write(connection, written, clock.instant());
    }
  }
}
