package io.carillon;

import io.carillon.api.HealthSource;
import io.carillon.db.DatabaseFacts;
import io.carillon.quartz.Engine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /livez}, {@code /readyz} and {@code /healthz} say. Thread-safe; answers from memory.
 */
final class Health implements HealthSource {
  private static final Duration STALE_LEASE = Duration.ofSeconds(3);
  private static final Duration UNUSABLE_CLOCK = Duration.ofSeconds(2);

  private final InstantSource clock;
  private final Instant startedAt;

  // Written once each by the starting thread.
  private volatile @Nullable Engine engine;
  private volatile @Nullable DatabaseFacts database;
  private volatile boolean stopping;

  Health(InstantSource clock) {
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  void started(Engine running, DatabaseFacts facts) {
    database = facts;
    engine = running;
  }

  void stopping() {
    stopping = true;
  }

  /**
   * An {@code Error} that ends the scheduler thread leaves the API up and nothing firing: then the
   * process is not worth keeping.
   */
  @Override
  public Check live() {
    Engine running = engine;
    return running == null || stopping || running.isFiring()
        ? Check.WELL
        : Check.not("the scheduler loop has stopped");
  }

  @Override
  public Check ready() {
    Engine running = engine;
    if (stopping) {
      return Check.not("stopping");
    }
    if (running == null) {
      return Check.not("the database is not there yet");
    }
    List<String> reasons = new ArrayList<>();
    if (running.lease().age().compareTo(STALE_LEASE) > 0) {
      reasons.add("no check-in with the database for " + running.lease().age().toMillis() + " ms");
    }
    if (running.clockOffset().abs().compareTo(UNUSABLE_CLOCK) >= 0) {
      reasons.add(
          "the clock is "
              + running.clockOffset().toMillis()
              + " ms off the database's: not firing");
    }
    if (!running.isFiring()) {
      reasons.add("the scheduler loop has stopped");
    }
    return new Check(reasons);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("version", Version.current());
    details.put("startedAt", startedAt.toString());
    details.put("uptimeSeconds", Duration.between(startedAt, clock.instant()).toSeconds());
    Engine running = engine;
    if (running != null) {
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("name", running.lease().instanceName());
      node.put("leaseAgeMs", running.lease().age().toMillis());
      node.put("clockOffsetMs", running.clockOffset().toMillis());
      node.put("inFlight", running.inFlight());
      details.put("node", node);
    }
    DatabaseFacts facts = database;
    if (facts != null) {
      Map<String, Object> store = new LinkedHashMap<>();
      store.put("product", facts.product());
      store.put("version", facts.version());
      store.put("embedded", facts.embedded());
      store.put("isolation", facts.isolation());
      store.put("durable", facts.durable());
      details.put("database", store);
    }
    return details;
  }
}
