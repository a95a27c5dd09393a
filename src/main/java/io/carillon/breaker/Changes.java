package io.carillon.breaker;

import io.carillon.db.Sql;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breaker.Force;
import io.carillon.execution.Breakers;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells of changes of state that this process made: a line in the log each, and figures. A change
 * is noted inside the transaction that makes it, which may be rolled back or run twice; so it is
 * told only once the row is seen to have got that far. Bounded; thread-safe.
 */
final class Changes {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final int MOST = 1_000;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Breakers.Meter meter;
  private final EventSink events;

  // Guarded by this: by host and version.
  private final Map<String, TreeMap<Long, Change>> noted = new HashMap<>();
  private int size;

  Changes(Breakers.Meter meter, EventSink events) {
    this.events = events;
    this.meter = meter;
  }

  private record Change(Breaker before, Breaker after, String why, Instant at) {}

  /**
   * @param why in a few words
   */
  synchronized void note(Breaker before, Breaker after, String why, Instant now) {
    Change change = new Change(before, after, why, now);
    TreeMap<Long, Change> ofHost = noted.computeIfAbsent(after.host(), host -> new TreeMap<>());
    if (ofHost.containsKey(after.version()) || size < MOST) {
      size += ofHost.put(after.version(), change) == null ? 1 : 0;
    }
  }

  /** Whether there is anything that was not told yet. */
  synchronized boolean isAnyNoted() {
    return size > 0;
  }

  private synchronized Set<String> hosts() {
    return new LinkedHashSet<>(noted.keySet());
  }

  /**
   * Tells what has been committed meanwhile. One statement if anything was noted, another if
   * somebody listens to events.
   */
  void tell(Connection connection, Instant now) throws SQLException {
    Set<String> hosts = hosts();
    if (hosts.isEmpty()) {
      return;
    }
    Map<String, Long> versions = new HashMap<>();
    Sql.query(
        connection,
        "SELECT host, version FROM breaker WHERE host IN (%s)".formatted(Sql.places(hosts.size())),
        row -> versions.put(row.getString(1), row.getLong(2)),
        hosts);
    List<Change> told = take(versions, now);
    told.forEach(this::tell);
    if (events.isWanted()) {
      events.raise(connection, told.stream().map(Changes::event).toList());
    }
  }

  private synchronized List<Change> take(Map<String, Long> versions, Instant now) {
    List<Change> told = new ArrayList<>();
    noted.forEach(
        (host, changes) -> {
          Map<Long, Change> made = changes.headMap(versions.getOrDefault(host, 0L), true);
          told.addAll(made.values());
          made.clear();
          changes.values().removeIf(change -> change.at().plus(LONGEST).isBefore(now));
        });
    noted.values().removeIf(Map::isEmpty);
    size = noted.values().stream().mapToInt(Map::size).sum();
    return told;
  }

  private static Event event(Change change) {
    Breaker after = change.after();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("state", after.state().name());
    facts.put("forced", after.force().name());
    facts.put("why", change.why());
    return Event.ofBreaker(kind(change), after.host(), facts);
  }

  private static EventKind kind(Change change) {
    if (change.after().force() != change.before().force()) {
      return EventKind.BREAKER_FORCED;
    }
    return switch (change.after().state()) {
      case OPEN -> EventKind.BREAKER_OPENED;
      case HALF_OPEN -> EventKind.BREAKER_PROBING;
      case CLOSED -> EventKind.BREAKER_CLOSED;
    };
  }

  private void tell(Change change) {
    Breaker after = change.after();
    if (after.force() != change.before().force()) {
      LOG.warn(
          "the breaker of host {} is set to {}: it is {}",
          after.host(),
          after.force(),
          after.state());
    } else {
      switch (after.state()) {
        case OPEN ->
            LOG.atLevel(change.before().shut() ? Level.INFO : Level.WARN)
                .log("the breaker of host {} is open: {}", after.host(), change.why());
        case HALF_OPEN ->
            LOG.info("the breaker of host {} is half open: {}", after.host(), change.why());
        case CLOSED -> LOG.info("the breaker of host {} is closed: {}", after.host(), change.why());
      }
    }
    if (after.shut() && !change.before().shut() && after.force() != Force.OPEN) {
      meter.breakerOpened();
    }
  }
}
