package io.carillon.events;

import io.carillon.execution.Completion;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Skipped;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What events say of jobs and executions: the members of the canonical answers that fit, never a
 * body, a header or an address. Stateless.
 */
final class EventShapes {
  private EventShapes() {}

  /** What a job is called: the same that is added where an event does not say it. */
  static Map<String, @Nullable Object> job(
      String id, @Nullable String name, String queue, String priority, Map<String, String> labels) {
    Map<String, @Nullable Object> job = new LinkedHashMap<>();
    job.put("id", id);
    job.put("name", name);
    job.put("queue", queue);
    job.put("priority", priority);
    job.put("labels", labels);
    return job;
  }

  static Map<String, @Nullable Object> job(Job job) {
    return job(
        job.id().value(),
        job.name(),
        job.queue(),
        job.priority().name().toLowerCase(java.util.Locale.ROOT),
        job.labels());
  }

  /** Of a job itself. */
  static Event of(EventKind kind, Job job) {
    return Event.ofJob(kind, job.id(), job.queue(), null, Map.of("job", job(job)));
  }

  /** Of a new job: due at once, or planned. */
  static Event created(Job job, Instant at) {
    return of(isDue(job.schedule(), at) ? EventKind.WAITING : EventKind.DELAYED, job);
  }

  private static boolean isDue(Schedule schedule, Instant now) {
    Instant start = schedule.limits().startAt();
    if (start != null && start.isAfter(now)) {
      return false;
    }
    return schedule instanceof Schedule.Now
        || (schedule instanceof Schedule.Delay delay && delay.delay().isZero())
        || (schedule instanceof Schedule.At at && !at.at().isAfter(now));
  }

  /** The execution of a job of which no more is known than its id and state. */
  static Event execution(
      EventKind kind,
      JobId job,
      @Nullable String queue,
      ExecutionId id,
      ExecutionState state,
      @Nullable String reason,
      int attempt) {
    Map<String, @Nullable Object> shown = execution(id, state, attempt);
    shown.put("reason", reason);
    return Event.ofJob(kind, job, queue, id, Map.of("execution", shown));
  }

  /** A call begins. */
  static Event begun(Firing firing) {
    Map<String, @Nullable Object> shown =
        execution(firing.id(), ExecutionState.RUNNING, firing.attempt());
    shown.put("node", firing.node());
    shown.put("startedAt", firing.firedAt().toString());
    if (firing.attempt() == 1) {
      shown.put("latenessMs", Duration.between(firing.scheduledAt(), firing.firedAt()).toMillis());
    }
    return ofExecution(EventKind.ACTIVE, firing, shown);
  }

  /** An attempt is over; empty if the execution goes on in a way that is told by others. */
  static Optional<Event> ended(Completion completion) {
    if (completion.next() instanceof RetryAt retry) {
      Map<String, @Nullable Object> shown =
          ended(completion, ExecutionState.RETRYING, retry.reason());
      shown.put("nextAttemptAt", retry.instant().toString());
      return Optional.of(ofExecution(EventKind.RETRYING, completion.firing(), shown));
    }
    if (completion.next() instanceof Finish finish) {
      EventKind kind =
          switch (finish.state()) {
            case SUCCEEDED -> EventKind.COMPLETED;
            case CANCELLED -> EventKind.CANCELLED;
            default -> EventKind.FAILED;
          };
      return Optional.of(
          ofExecution(
              kind, completion.firing(), ended(completion, finish.state(), finish.reason())));
    }
    return Optional.empty();
  }

  private static Map<String, @Nullable Object> ended(
      Completion completion, ExecutionState state, @Nullable String reason) {
    Firing firing = completion.firing();
    Map<String, @Nullable Object> shown = execution(firing.id(), state, firing.attempt());
    shown.put("reason", reason);
    shown.put("node", firing.node());
    shown.put("startedAt", completion.startedAt().toString());
    shown.put("finishedAt", completion.finishedAt().toString());
    shown.put(
        "durationMs", Duration.between(completion.startedAt(), completion.finishedAt()).toMillis());
    shown.put("httpStatus", completion.outcome().httpStatus());
    shown.put("error", completion.outcome() instanceof Failed failed ? failed.error() : null);
    return shown;
  }

  /** Instants that are not run. */
  static Event skipped(JobId job, Skipped skipped) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("scheduledAt", skipped.from().toString());
    shown.put("state", ExecutionState.SKIPPED.name());
    shown.put("reason", skipped.reason());
    shown.put("from", skipped.from().toString());
    shown.put("to", skipped.to().toString());
    shown.put("count", skipped.count());
    return Event.ofJob(EventKind.SKIPPED, job, null, null, Map.of("execution", shown));
  }

  private static Event ofExecution(
      EventKind kind, Firing firing, Map<String, @Nullable Object> execution) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("job", job(firing.job()));
    members.put("execution", execution);
    return Event.ofJob(kind, firing.job().id(), firing.job().queue(), firing.id(), members);
  }

  private static Map<String, @Nullable Object> execution(
      ExecutionId id, ExecutionState state, int attempt) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", id.value());
    shown.put("scheduledAt", id.scheduledAt().toString());
    shown.put("state", state.name());
    shown.put("attempt", attempt);
    return shown;
  }
}
