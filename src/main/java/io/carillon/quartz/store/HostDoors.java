package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.HostGates.Gate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which hosts runs that are let go may call, and when the lane of one that may not be called is
 * worth another look. One transaction, one thread.
 */
final class HostDoors {
  private static final long BUSY_MILLIS = 100;

  private final Map<String, Gate> shut;
  private final HostCalls calls;
  private final Instant now;
  private final Map<String, Integer> granted = new HashMap<>();

  /** Hosts of which the probe was asked for: it is granted once, or is another's. */
  private final Set<String> asked = new HashSet<>();

  /**
   * @param shut hosts that may not be called
   * @param calls of this node, by host
   * @param now by this node's clock
   */
  HostDoors(Map<String, Gate> shut, HostCalls calls, Instant now) {
    this.shut = shut;
    this.calls = calls;
    this.now = now;
  }

  /** What may still be asked for: the probe of a host. */
  @FunctionalInterface
  interface Probe {
    boolean claim(String host, ExecutionId id) throws SQLException;
  }

  /** Whether a run may call a host. */
  enum Door {
    OPEN,
    /** Its breaker is not closed. */
    SHUT,
    /** It has this node's share of calls, and answers slowly. */
    FULL,
    /** It has this node's share of calls, and answers quickly: it is worth waiting for. */
    BUSY
  }

  Door of(String host, ExecutionId id, Probe probe) throws SQLException {
    Gate gate = shut.get(host);
    if (gate != null) {
      boolean isProbe = mayProbe(gate) && asked.add(host) && probe.claim(host, id);
      return isProbe ? Door.OPEN : Door.SHUT;
    }
    if (calls.free(host) <= granted.getOrDefault(host, 0)) {
      return calls.isSlow(host) ? Door.FULL : Door.BUSY;
    }
    return Door.OPEN;
  }

  /** A run that calls it goes. */
  void grant(String host) {
    granted.merge(host, 1, Integer::sum);
  }

  /**
   * How many of a lane to look at. A host that may not be called is looked at again when it may be
   * probed, and nothing is read of it until then; where nothing waits for the probe, not even then.
   * Whoever lets the host be called says so.
   */
  int wanted(Desk desk, int most) {
    String host = desk.lane().name();
    Gate gate = shut.get(host);
    if (gate != null) {
      if (mayProbe(gate)) {
        return 1;
      }
      again(desk);
      return 0;
    }
    int free = calls.free(host);
    if (free == 0) {
      again(desk);
    }
    return Math.min(most, free);
  }

  /** When there may be room again: of calls of this node, nothing says so. */
  void again(Desk desk) {
    long millis = desk.now() / 1_000;
    Gate gate = shut.get(desk.lane().name());
    Instant probeAt = gate == null ? null : gate.probeAt();
    if (gate == null || (probeAt != null && !probeAt.isAfter(now))) {
      desk.again(millis + BUSY_MILLIS);
    } else if (probeAt != null) {
      desk.again(millis + Duration.between(now, probeAt).toMillis());
    }
  }

  private boolean mayProbe(Gate gate) {
    Instant at = gate.probeAt();
    return at != null && !at.isAfter(now);
  }
}
