package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.db.Reconnecting;
import io.carillon.execution.Breaker;
import io.carillon.execution.Firing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * This node's picture of the breakers that are open, and of the hosts that failed lately, taken
 * again every half second. While hosts fail, this process's count of their calls is written as
 * well, so that the answers that one node gets are weighed against the failures of another. One
 * statement a time while no host fails. Thread-safe.
 */
final class Watch {
  private static final Duration PRUNE_EVERY = Duration.ofMinutes(1);
  private static final Duration ROWS_KEPT = Duration.ofHours(1);
  private static final Duration COUNTS_KEPT = Duration.ofMinutes(5);

  /** A picture that is older than this says nothing of what has happened since. */
  private static final Duration TELLING = Duration.ofSeconds(1);

  private final DataSource database;
  private final BreakerConfig config;
  private final Self self;
  private final HostTallies tallies;
  private final Probes probes;
  private final Changes changes;
  private final Wakes wakes;
  private final Map<String, Breaker> told = new ConcurrentHashMap<>();

  private volatile Picture picture = new Picture(Map.of(), Instant.EPOCH);
  // Guarded by this.
  private final Map<String, Long> written = new HashMap<>();
  private Instant pruned = Instant.EPOCH;

  /**
   * @param process under which its counts are written
   * @param own this node's clock
   */
  record Self(String process, InstantSource own, DatabaseClock clock) {}

  /**
   * @param takenAt by this node's clock, when the rows had been read
   */
  private record Picture(Map<String, Breaker> breakers, Instant takenAt) {}

  Watch(
      DataSource database,
      BreakerConfig config,
      Self self,
      HostTallies tallies,
      Probes probes,
      Changes changes,
      Wakes wakes) {
    this.database = database;
    this.config = config;
    this.self = self;
    this.tallies = tallies;
    this.probes = probes;
    this.changes = changes;
    this.wakes = wakes;
  }

  /**
   * Whether any host was shut in the last picture, or had failed within the window; true as well
   * while there is no picture that is young enough to tell.
   */
  boolean isAny() {
    Picture last = picture;
    return !last.breakers().isEmpty() || self.own().instant().isAfter(last.takenAt().plus(TELLING));
  }

  /**
   * Runs may be put to sleep because of this breaker, which may be in no picture: it is compared
   * with the next one.
   */
  void told(Breaker shut) {
    told.put(shut.host(), shut);
  }

  /** Whether a host was shut in the last picture. */
  boolean isShut(String host) {
    Breaker breaker = picture.breakers().get(host);
    return breaker != null && breaker.shut();
  }

  /**
   * Whether an attempt must not begin: it was fired before a picture that shows its host as shut,
   * and is no probe. What was fired after the picture was let pass by the transaction that fired
   * it, which knew better.
   */
  boolean stops(String host, Firing firing) {
    Picture last = picture;
    Breaker breaker = last.breakers().get(host);
    return breaker != null
        && breaker.shut()
        && firing.firedAt().isBefore(last.takenAt())
        && !firing.id().equals(breaker.probe())
        && !probes.contains(firing.id());
  }

  /** How many breakers stand like this in the last picture. */
  double count(Breaker.State state) {
    return picture.breakers().values().stream().filter(one -> one.state() == state).count();
  }

  /** Takes the picture; to be called every half second. */
  synchronized void runOnce() throws SQLException {
    Reconnecting.<Boolean>run(
        database,
        connection -> {
          look(connection);
          return true;
        });
  }

  private void look(Connection connection) throws SQLException {
    Instant now = self.clock().instant();
    Map<String, Breaker> before = new HashMap<>(told);
    before.forEach(told::remove);
    Map<String, Breaker> breakers = new HashMap<>();
    BreakerTable.watched(connection, now.minus(config.window()))
        .forEach(breaker -> breakers.put(breaker.host(), breaker));
    wakes.note(picture.breakers(), breakers);
    wakes.note(before, breakers);
    picture = new Picture(Map.copyOf(breakers), self.own().instant());
    writeCounts(connection, breakers, now);
    changes.tell(connection, now);
    wakes.send(connection);
    if (now.isAfter(pruned.plus(PRUNE_EVERY))) {
      pruned = now;
      probes.forget(now);
      CountTable.prune(connection, now.minus(COUNTS_KEPT));
      BreakerTable.prune(connection, now.minus(ROWS_KEPT));
      closeForgotten(connection, now);
    }
  }

  /**
   * A host that nothing calls any more would be asked for at each firing for ever: after an hour
   * without a call it is like one that never failed. While anything waits for it, it is called.
   */
  private void closeForgotten(Connection connection, Instant now) throws SQLException {
    Instant before = now.minus(ROWS_KEPT).minus(config.longestOpen());
    for (Breaker breaker : BreakerTable.forgotten(connection, before)) {
      Breaker closed = breaker.closed(now);
      if (BreakerTable.replace(connection, closed, breaker.version())) {
        changes.note(breaker, closed, "nothing has called it for an hour", now);
      }
    }
  }

  private void writeCounts(Connection connection, Map<String, Breaker> breakers, Instant now)
      throws SQLException {
    Map<String, Counted> own = new HashMap<>();
    for (Breaker breaker : breakers.values()) {
      tallies
          .of(breaker.host())
          .filter(counted -> counted.events() != written.getOrDefault(breaker.host(), 0L))
          .ifPresent(counted -> own.put(breaker.host(), counted));
    }
    CountTable.write(connection, self.process(), own, now);
    written.keySet().retainAll(breakers.keySet());
    own.forEach((host, counted) -> written.put(host, counted.events()));
  }
}
