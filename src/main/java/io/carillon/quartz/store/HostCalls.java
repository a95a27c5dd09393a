package io.carillon.quartz.store;

import io.carillon.execution.Firing;
import io.carillon.job.TargetHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The calls of this node that have not ended, by host: no host may take more than a share of what
 * may be in flight, so that one that hangs leaves room for the others. Thread-safe.
 */
final class HostCalls {
  /** A host that has its share, with calls as old as this, is waited for elsewhere. */
  private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();

  private final int share;
  // Guarded by this: by host, the calls in the order of their begin, with that time.
  private final Map<String, LinkedHashMap<String, Long>> calls = new HashMap<>();
  // Guarded by this.
  private final Map<String, String> hosts = new HashMap<>();

  /**
   * @param share most calls towards one host
   */
  HostCalls(int share) {
    this.share = share;
  }

  synchronized void begun(Firing firing) {
    String host = TargetHost.of(firing.job().target());
    if (host != null) {
      String name = InFlight.nameOf(firing);
      hosts.put(name, host);
      calls.computeIfAbsent(host, same -> new LinkedHashMap<>()).put(name, System.nanoTime());
    }
  }

  /** Idempotent. */
  synchronized void ended(Firing firing) {
    String name = InFlight.nameOf(firing);
    String host = hosts.remove(name);
    Map<String, Long> ofHost = host == null ? null : calls.get(host);
    if (ofHost != null) {
      ofHost.remove(name);
      if (ofHost.isEmpty()) {
        calls.remove(host);
      }
    }
  }

  /** How many more calls there may be. */
  synchronized int free(String host) {
    Map<String, Long> ofHost = calls.get(host);
    return Math.max(0, share - (ofHost == null ? 0 : ofHost.size()));
  }

  /** Whether calls take long: what is due for the host is not worth waiting for. */
  synchronized boolean isSlow(String host) {
    Map<String, Long> ofHost = calls.get(host);
    return ofHost != null
        && !ofHost.isEmpty()
        && System.nanoTime() - ofHost.values().iterator().next() > SLOW_NANOS;
  }
}
