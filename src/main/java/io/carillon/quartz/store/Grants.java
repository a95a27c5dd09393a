package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.Need;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs take of the lanes that they pass. One transaction, one thread. */
final class Grants {
  private final Map<Lane, Desk> desks;
  private final Instant now;
  private final Map<ExecutionId, List<Permit>> permits = new HashMap<>();
  private final Map<ExecutionId, List<Desk>> passed = new HashMap<>();

  /**
   * @param desks lanes whose rows are locked
   * @param now by this node's clock
   */
  Grants(Map<Lane, Desk> desks, Instant now) {
    this.desks = desks;
    this.now = now;
  }

  /** It runs, as soon as the rates of its lanes allow it, and is counted in all of them. */
  Verdict.Go go(ExecutionId id, List<Need> needs) {
    long ahead = 0;
    for (Need need : needs) {
      Desk desk = desks.get(need.lane());
      if (desk != null && need.pace() != null) {
        ahead = Math.max(ahead, desk.earliest(need.pace()) - desk.now());
      }
    }
    for (Need need : needs) {
      Desk desk = desks.get(need.lane());
      if (desk != null) {
        take(id, need, desk.now() + ahead);
        passed.computeIfAbsent(id, same -> new ArrayList<>()).add(desk);
      }
    }
    return new Verdict.Go(ahead == 0 ? null : now.plus(ahead, ChronoUnit.MICROS));
  }

  /**
   * It is counted in one lane.
   *
   * @param start by the database's clock, microseconds
   */
  void take(ExecutionId id, Need need, long start) {
    Desk desk = desks.get(need.lane());
    if (desk == null) {
      return;
    }
    desk.take(need, start);
    if (need.most() != null) {
      permits.computeIfAbsent(id, same -> new ArrayList<>()).add(new Permit(need.lane(), id));
    }
  }

  /** What was to go did not: there is room again where it was counted. */
  void dropped(ExecutionId id) {
    passed.getOrDefault(id, List.of()).forEach(Desk::dropped);
  }

  List<Permit> permits(ExecutionId id) {
    return permits.getOrDefault(id, List.of());
  }
}
