package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.events.EventFilter;
import io.carillon.events.PlainWords;
import io.carillon.execution.EventKind;
import io.carillon.execution.ExecutionState;
import io.carillon.spec.Fault;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of live events asks for.
 *
 * @param after position to go on from; null for what happens from now on
 */
record LiveQuery(EventFilter filter, @Nullable Long after) {
  private static final String LAST = "Last-Event-ID";
  private static final String PARAMETER = "lastEventId";
  private static final List<String> ALL =
      Arrays.stream(EventKind.values()).map(EventKind::word).toList();

  /** Of a stream: all events as they are, and where to go on from. */
  static LiveQuery ofStream(Context request) {
    Query query = new Query(request.queryParamMap());
    String parameter = query.text(PARAMETER);
    String header = request.header(LAST);
    EventFilter filter = filter(query, true);
    return new LiveQuery(filter, position(header == null || header.isEmpty() ? parameter : header));
  }

  /** Of a socket: in the words of job queues, unless all events are wanted. */
  static LiveQuery ofSocket(Context request) {
    Query query = new Query(request.queryParamMap());
    String full = query.text("full");
    if (full != null && !Set.of("0", "1", "true", "false").contains(full)) {
      throw invalid("full", "full must be 1 or 0");
    }
    return new LiveQuery(filter(query, "1".equals(full) || "true".equals(full)), null);
  }

  private static EventFilter filter(Query query, boolean full) {
    List<String> known = full ? ALL : PlainWords.ALL;
    String wanted = query.text("event");
    Set<String> words = new LinkedHashSet<>();
    if (wanted != null) {
      words.addAll(List.of(wanted.split(",", -1)));
    }
    EventFilter filter =
        new EventFilter(
            full,
            words,
            query.text("job"),
            query.text("queue"),
            query.words("state", ExecutionState.class),
            query.labels());
    query.done();
    if (!known.containsAll(words)) {
      throw invalid("event", "event takes " + String.join(" ", known));
    }
    return filter;
  }

  private static @Nullable Long position(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      long position = Long.parseLong(text);
      if (position >= 0) {
        return position;
      }
    } catch (NumberFormatException e) {
      // told below, as a negative number is
    }
    throw invalid(PARAMETER, "the id of an event of this server, as it came with the event");
  }

  private static ProblemException invalid(String name, String detail) {
    return new ProblemException(
        Problem.of(400, List.of(new Fault("?" + name, "parameter_invalid", detail))));
  }
}
