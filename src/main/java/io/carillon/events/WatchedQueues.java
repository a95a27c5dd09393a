package io.carillon.events;

import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import io.carillon.execution.LaneRows;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.QueueRows;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of queues, with events of their changes. Thread-safe if the rows are. */
final class WatchedQueues implements QueueRows {
  private final QueueRows inner;
  private final EventSink events;

  WatchedQueues(QueueRows inner, EventSink events) {
    this.inner = inner;
    this.events = events;
  }

  @Override
  public void write(Connection connection, StoredQueue queue) throws SQLException {
    if (!events.isWanted()) {
      inner.write(connection, queue);
      return;
    }
    StoredQueue old =
        inner
            .find(connection, queue.namespace(), queue.name())
            .orElseGet(
                () -> StoredQueue.unsaid(queue.namespace(), queue.name(), queue.createdAt()));
    inner.write(connection, queue);
    List<Event> changes = new ArrayList<>();
    if (!old.settings().equals(queue.settings())) {
      changes.add(of(EventKind.QUEUE_CHANGED, queue));
    }
    if (old.paused() != queue.paused()) {
      changes.add(of(queue.paused() ? EventKind.QUEUE_PAUSED : EventKind.QUEUE_RESUMED, queue));
    }
    events.raise(connection, changes);
  }

  @Override
  public LaneRows lanes() {
    return inner.lanes();
  }

  private static Event of(EventKind kind, StoredQueue queue) {
    QueueSettings settings = queue.settings();
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("name", queue.name());
    facts.put("paused", queue.paused());
    facts.put("concurrency", settings.concurrency());
    facts.put("perHostConcurrency", settings.perHostConcurrency());
    QueueSettings.Rate rate = settings.rate();
    facts.put(
        "rate",
        rate == null
            ? null
            : Map.of(
                "permits", rate.permits(), "per", rate.per().toString(), "burst", rate.burst()));
    if (queue.pause() != null) {
      facts.put("reason", queue.pause().reason());
    }
    return Event.ofQueue(kind, queue.namespace(), queue.name(), facts);
  }

  @Override
  public QueuePauses pauses(Connection connection, Instant endedAfter) throws SQLException {
    return inner.pauses(connection, endedAfter);
  }

  @Override
  public List<StoredQueue> all(Connection connection, String namespace, int most)
      throws SQLException {
    return inner.all(connection, namespace, most);
  }

  @Override
  public Optional<StoredQueue> find(Connection connection, String namespace, String name)
      throws SQLException {
    return inner.find(connection, namespace, name);
  }

  @Override
  public List<StoredQueue> waiting(Connection connection, Instant now) throws SQLException {
    return inner.waiting(connection, now);
  }

  @Override
  public Set<JobId> pausedAmong(Connection connection, Collection<JobId> jobs) throws SQLException {
    return inner.pausedAmong(connection, jobs);
  }

  @Override
  public LaneRows lanes() {
    return inner.lanes();
  }
}
