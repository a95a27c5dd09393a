package io.carillon.execution;

import io.carillon.job.JobId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens, for those who follow it live. Immutable.
 *
 * @param namespace empty if it concerns all of them
 * @param queue that it happens in
 * @param members what readers are told beside id, kind and time: {@code job}, {@code execution},
 *     {@code queue}, {@code node} or {@code breaker}, JSON-like, null values included; never a
 *     secret or a body. What a job is called and labelled is added where {@code job} is missing.
 */
public record Event(
    EventKind kind,
    String namespace,
    @Nullable String queue,
    @Nullable JobId job,
    @Nullable ExecutionId execution,
    Map<String, ?> members) {
  /** Of a host or a node, which belong to no namespace. */
  private static final String ANY = "";

  public Event {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** Of a job, or of one execution of it. */
  public static Event ofJob(
      EventKind kind,
      JobId job,
      @Nullable String queue,
      @Nullable ExecutionId execution,
      Map<String, ?> members) {
    return new Event(kind, job.namespace(), queue, job, execution, members);
  }

  /** An execution that nobody has begun yet is due. */
  public static Event waiting(JobId job, @Nullable String queue, ExecutionId id) {
    Map<String, Object> execution = new LinkedHashMap<>();
    execution.put("id", id.value());
    execution.put("scheduledAt", id.scheduledAt().toString());
    execution.put("state", ExecutionState.QUEUED.name());
    execution.put("attempt", 0);
    return ofJob(EventKind.WAITING, job, queue, id, Map.of("execution", execution));
  }

  /**
   * An execution that is over, or whose attempt failed, has another attempt planned.
   *
   * @param attempt the last one that was made
   * @param next when the next one is due
   */
  public static Event retrying(
      JobId job, @Nullable String queue, ExecutionId id, int attempt, Instant next) {
    Map<String, Object> execution = new LinkedHashMap<>();
    execution.put("id", id.value());
    execution.put("scheduledAt", id.scheduledAt().toString());
    execution.put("state", ExecutionState.RETRYING.name());
    execution.put("attempt", attempt);
    execution.put("nextAttemptAt", next.toString());
    return ofJob(EventKind.RETRYING, job, queue, id, Map.of("execution", execution));
  }

  /**
   * How far an execution is.
   *
   * @param percent 0 to 100; null if the target did not say
   * @param note for people; the caller has bounded it
   */
  public static Event progress(
      JobId job,
      @Nullable String queue,
      ExecutionId id,
      int attempt,
      @Nullable Integer percent,
      @Nullable String note) {
    Map<String, Object> execution = new LinkedHashMap<>();
    execution.put("id", id.value());
    execution.put("scheduledAt", id.scheduledAt().toString());
    execution.put("state", ExecutionState.RUNNING.name());
    execution.put("attempt", attempt);
    Map<String, @Nullable Object> progress = new LinkedHashMap<>();
    progress.put("percent", percent);
    progress.put("note", note);
    execution.put("progress", progress);
    return ofJob(EventKind.PROGRESS, job, queue, id, Map.of("execution", execution));
  }

  /** Of a queue. */
  public static Event ofQueue(
      EventKind kind, String namespace, String queue, Map<String, ?> facts) {
    return new Event(kind, namespace, queue, null, null, Map.of("queue", facts));
  }

  /**
   * Of the breaker of a host.
   *
   * @param facts beside {@code host}
   */
  public static Event ofBreaker(EventKind kind, String host, Map<String, ?> facts) {
    Map<String, Object> breaker = new LinkedHashMap<>();
    breaker.put("host", host);
    breaker.putAll(facts);
    return new Event(kind, ANY, null, null, null, Map.of("breaker", breaker));
  }

  /** Of a node. */
  public static Event ofNode(EventKind kind, String instanceName) {
    return new Event(kind, ANY, null, null, null, Map.of("node", Map.of("name", instanceName)));
  }
}
