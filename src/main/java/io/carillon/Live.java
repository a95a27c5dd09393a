package io.carillon;

import io.carillon.db.Database;
import io.carillon.events.EventFeed;
import io.carillon.events.LiveEvents;
import io.carillon.execution.EventSink;
import io.carillon.metrics.Metrics;
import io.carillon.quartz.Engine;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Puts together the live events. {@link #close} is idempotent and safe if never started. */
final class Live implements AutoCloseable {
  private final Metrics metrics;
  private final int readers;
  private final InstantSource clock;
  private final Late<EventFeed> feed = new Late<>(EventFeed.class);

  private volatile @Nullable LiveEvents events;

  /**
   * @param readers most of them at once
   */
  Live(Metrics metrics, int readers, InstantSource clock) {
    this.metrics = metrics;
    this.readers = readers;
    this.clock = clock;
  }

  EventFeed feed() {
    return feed.port();
  }

  /** To be put around the participants of the store, and to raise events in. */
  LiveEvents open(Database database) {
    LiveEvents made = new LiveEvents(database.dataSource(), metrics, readers, clock);
    events = made;
    return made;
  }

  /** Before the engine starts, so that it knows at once whether anybody listens. */
  void start(Engine engine) {
    LiveEvents made = events;
    if (made != null) {
      made.start(
          new LiveEvents.Store() {
            @Override
            public String node() {
              return engine.lease().instanceName();
            }

            @Override
            public void awaitOpenTransactions() throws SQLException {
              engine.awaitOpenTransactions();
            }
          });
      feed.arrive(made);
    }
  }

  /** Where events are raised; nobody hears them before the database is there. */
  EventSink sink() {
    LiveEvents made = events;
    return made == null ? EventSink.NONE : made.sink();
  }

  /** Readers go to another node. */
  void sendAway() {
    LiveEvents made = events;
    if (made != null) {
      made.sendAway();
    }
  }

  @Override
  public void close() {
    LiveEvents made = events;
    if (made != null) {
      made.close();
    }
  }
}
