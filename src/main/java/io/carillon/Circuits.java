package io.carillon;

import io.carillon.breaker.CircuitBreakers;
import io.carillon.config.Configuration;
import io.carillon.db.Database;
import io.carillon.execution.Breakers;
import io.carillon.execution.EventSink;
import io.carillon.metrics.Metrics;
import io.carillon.quartz.Engine;
import io.carillon.queue.QueueTable;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The breakers of hosts, once the database is there. Closing is idempotent. */
final class Circuits implements AutoCloseable {
  private final Late<Breakers> port = new Late<>(Breakers.class);
  private volatile @Nullable CircuitBreakers breakers;

  /** What the API stands on. */
  Breakers port() {
    return port.port();
  }

  /** What the engine is built with. */
  CircuitBreakers open(
      Configuration configuration, Database database, Metrics metrics, EventSink events) {
    CircuitBreakers made =
        new CircuitBreakers(
            database.dataSource(),
            configuration.breaker(),
            metrics,
            events,
            QueueTable::wakeHosts,
            InstantSource.system());
    breakers = made;
    return made;
  }

  /** To be called after {@link #open}. */
  void start(Engine engine) {
    CircuitBreakers made = Objects.requireNonNull(breakers);
    made.start(engine::clockOffset);
    port.arrive(made.breakers());
  }

  @Override
  public void close() {
    CircuitBreakers made = breakers;
    if (made != null) {
      made.close();
    }
  }
}
