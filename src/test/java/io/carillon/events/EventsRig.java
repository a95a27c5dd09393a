package io.carillon.events;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.EventSink;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Nodes that follow the events of one database; what the store does is done by the test. */
final class EventsRig implements AutoCloseable {
  final TestDatabase database;
  final AtomicInteger barriers = new AtomicInteger();
  private final List<LiveEvents> nodes = new ArrayList<>();

  EventsRig(TestDatabase database) {
    this.database = database;
    update("TRUNCATE TABLE event");
    update("DELETE FROM listener");
    update("DELETE FROM node");
    checkIn("n0");
  }

  /** A node as it is started in a server. */
  LiveEvents node() {
    return node(100);
  }

  LiveEvents node(int readers) {
    LiveEvents node =
        new LiveEvents(database.dataSource(), EventMetrics.none(), readers, InstantSource.system());
    node.start(new FakeStore("n0", barriers));
    nodes.add(node);
    return node;
  }

  /** As if another node had checked in. */
  void anotherNode() {
    checkIn("n1");
  }

  private void checkIn(String name) {
    update(
        "INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at, lease_ms)"
            + " VALUES (?, ?, 1, 'ACTIVE', 0, 0, 4000)",
        name,
        name);
  }

  /** Where a node's store raises events. */
  static EventSink sink(LiveEvents node) {
    return node.sink();
  }

  static Event event(String job) {
    return event(EventKind.ACTIVE, job);
  }

  static Event event(EventKind kind, String job) {
    return Event.ofJob(
        kind, JobId.of(job), "q", null, Map.of("job", Map.of("id", job, "queue", "q")));
  }

  void raise(EventSink sink, Event... events) {
    try (Connection connection = database.dataSource().getConnection()) {
      sink.raise(connection, List.of(events));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  int update(String sql, Object... values) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.update(connection, sql, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long count(String from) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.queryOne(connection, "SELECT COUNT(*) FROM " + from, row -> row.getLong(1))
          .orElseThrow();
    } catch (SQLException e) {
      throw new IllegalStateException(from, e);
    }
  }

  static ConditionFactory soon() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20));
  }

  /** A reader that was welcomed. */
  static RecordingOutlet welcomed(LiveEvents node) {
    RecordingOutlet outlet = new RecordingOutlet();
    node.open(EventFilter.ALL, null, outlet);
    soon().until(outlet::isWelcome);
    return outlet;
  }

  @Override
  public void close() {
    nodes.forEach(LiveEvents::close);
  }
}
