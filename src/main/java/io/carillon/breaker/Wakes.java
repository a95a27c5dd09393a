package io.carillon.breaker;

import io.carillon.execution.Breaker;
import io.carillon.execution.HostLanes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from one picture to the next which hosts may be called, or probed, sooner than it was
 * said before, and says so where runs wait for them. Every node does, whoever changed them, so no
 * node's end loses it. For one thread.
 */
final class Wakes {
  private final HostLanes lanes;

  /** Kept until it was said. */
  private final Set<String> hosts = new HashSet<>();

  Wakes(HostLanes lanes) {
    this.lanes = lanes;
  }

  void note(Map<String, Breaker> before, Map<String, Breaker> after) {
    before.forEach(
        (host, old) -> {
          Breaker next = after.get(host);
          boolean isClosed = next == null || !next.shut();
          if (old.shut() && (isClosed || isSooner(next.nextProbeAt(), old.nextProbeAt()))) {
            hosts.add(host);
          }
        });
  }

  private static boolean isSooner(@Nullable Instant next, @Nullable Instant old) {
    return next != null && (old == null || next.isBefore(old));
  }

  /** One statement if there are any. */
  void send(Connection connection) throws SQLException {
    if (!hosts.isEmpty()) {
      lanes.wake(connection, List.copyOf(hosts));
      hosts.clear();
    }
  }
}
