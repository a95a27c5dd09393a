package io.carillon.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.events.EventRows.NewRow;
import io.carillon.execution.Event;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.EventSink;
import io.carillon.job.JobId;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes events while somebody listens. Thread-safe. */
final class EventJournal implements EventSink {
  /** Characters of what is told of one event; labels are left out where they make it longer. */
  private static final int LONGEST = 8_000;

  private final Attention attention;
  private final EventMetrics metrics;

  EventJournal(Attention attention, EventMetrics metrics) {
    this.attention = attention;
    this.metrics = metrics;
  }

  @Override
  public boolean isWanted() {
    return attention.isRaised();
  }

  @Override
  public void raise(Connection connection, List<Event> events) throws SQLException {
    if (events.isEmpty() || !isWanted()) {
      return;
    }
    List<JobId> nameless =
        events.stream()
            .filter(event -> !event.members().containsKey("job"))
            .map(Event::job)
            .filter(Objects::nonNull)
            .toList();
    Map<JobId, Map<String, @Nullable Object>> names =
        nameless.isEmpty() ? Map.of() : JobNames.of(connection, nameless);
    List<NewRow> rows = new ArrayList<>(events.size());
    events.forEach(event -> rows.add(row(event, names)));
    EventRows.insert(connection, rows);
    metrics.eventsWritten(rows.size());
  }

  private static NewRow row(Event event, Map<JobId, Map<String, @Nullable Object>> names) {
    ObjectNode payload = StrictJson.object();
    String queue = event.queue();
    JobId id = event.job();
    if (id != null) {
      Map<String, @Nullable Object> job = names.getOrDefault(id, Map.of("id", id.value()));
      payload.set("job", Values.node(job));
      queue = queue == null ? (String) job.get("queue") : queue;
    }
    event.members().forEach((name, value) -> payload.set(name, Values.node(value)));
    String text = StrictJson.text(payload);
    if (text.length() > LONGEST && payload.get("job") instanceof ObjectNode job) {
      job.remove("labels");
      text = StrictJson.text(payload);
    }
    if (text.length() > LONGEST) {
      text = "{}";
    }
    return new NewRow(
        event.kind().word(),
        event.namespace(),
        queue,
        id == null ? null : id.value(),
        event.execution() == null ? null : event.execution().value(),
        text);
  }
}
