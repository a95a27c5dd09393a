package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breaker;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.HostGates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gates of hosts are their breakers. Thread-safe. */
final class Gates implements HostGates {
  private final BreakerConfig config;
  private final Watch watch;
  private final Probes probes;
  private final Changes changes;
  private final DatabaseClock clock;

  Gates(BreakerConfig config, Watch watch, Probes probes, Changes changes, DatabaseClock clock) {
    this.config = config;
    this.watch = watch;
    this.probes = probes;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public Map<String, Gate> shut(Connection c, Instant now) throws SQLException {
    Map<String, Gate> gates = new HashMap<>();
    for (Breaker breaker : BreakerTable.shut(c)) {
      Instant at = breaker.nextProbeAt();
      watch.told(breaker);
      gates.put(breaker.host(), new Gate(breaker.host(), at == null ? null : clock.toNode(at)));
    }
    return gates;
  }

  /**
   * While a host fails that is called often, this says so before its breaker opens: so it is known
   * on every node as soon as it does, and again when it opens anew after a probe that did not tell
   * the truth.
   */
  @Override
  public boolean any() {
    return watch.isAny() || changes.isAnyNoted();
  }

  /**
   * Locks the row: of several nodes that claim at once, one does. A probe that has not ended in the
   * time that is waited for it, because its host hangs or its node is gone, is followed by another.
   */
  @Override
  public boolean claimProbe(Connection c, String host, ExecutionId probe, Instant now)
      throws SQLException {
    Instant at = clock.ofNode(now);
    Breaker found = BreakerTable.lock(c, List.of(host)).get(host);
    if (found == null || !found.shut() || !found.awaitsProbe(at)) {
      return false;
    }
    Breaker next = found.probed(probe, at, config.openFor(found.inARow()));
    BreakerTable.write(c, List.of(next));
    probes.add(probe, at);
    changes.note(found, next, "execution " + probe + " is the probe", at);
    return true;
  }
}
