package io.carillon.events;

import io.carillon.execution.ExecutionState;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader wants to see; conditions that are given all have to hold. An event that has no job,
 * queue, execution or label fails the conditions on them. Immutable.
 *
 * @param full all events as they are; otherwise those of job queues, in their words
 * @param events words, as this reader sees them; empty for all
 * @param job id; null for all
 * @param queue name; null for all
 * @param states of executions; empty for all
 * @param labels of jobs
 */
public record EventFilter(
    boolean full,
    Set<String> events,
    @Nullable String job,
    @Nullable String queue,
    Set<ExecutionState> states,
    Map<String, String> labels) {
  /** All events as they are. */
  public static final EventFilter ALL =
      new EventFilter(true, Set.of(), null, null, Set.of(), Map.of());

  public EventFilter {
    events = Set.copyOf(events);
    states = Set.copyOf(states);
    labels = Map.copyOf(labels);
  }

  boolean wants(LiveEvent event) {
    String word = full ? event.word() : event.plainWord();
    return word != null
        && (events.isEmpty() || events.contains(word))
        && (job == null || job.equals(event.jobId()))
        && (queue == null || queue.equals(event.queue()))
        && (states.isEmpty() || states.stream().anyMatch(s -> s.name().equals(event.state())))
        && event.labels().entrySet().containsAll(labels.entrySet());
  }
}
