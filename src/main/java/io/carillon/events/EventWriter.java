package io.carillon.events;

import io.carillon.execution.Completion;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.ForwardingParticipant;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.QueueRows;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunRows;
import io.carillon.execution.Skipped;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens as events, in the same transactions, while somebody listens; otherwise passes
 * everything on. One insert more for a batch of up to 500; up to three reads where what happens is
 * not known otherwise (hand-overs, cancelled jobs, single executions). Thread-safe.
 */
public final class EventWriter extends ForwardingParticipant {
  private final EventSink events;
  private final QueueRows queues;
  private final RunRows runs;

  EventWriter(StoreParticipant inner, EventSink events) {
    super(inner);
    this.events = events;
    this.queues = new WatchedQueues(inner.queues(), events);
    this.runs = new WatchedRuns(inner.runs(), events);
  }

  /** Where others raise theirs: breakers, progress. */
  @Override
  public EventSink events() {
    return events;
  }

  @Override
  public QueueRows queues() {
    return queues;
  }

  @Override
  public RunRows runs() {
    return runs;
  }

  @Override
  public void insertJobs(Connection connection, Collection<NewJob> jobs) throws SQLException {
    super.insertJobs(connection, jobs);
    if (events.isWanted()) {
      events.raise(
          connection,
          jobs.stream().map(fresh -> EventShapes.created(fresh.job(), fresh.createdAt())).toList());
    }
  }

  @Override
  public void updateJob(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException {
    super.updateJob(connection, changed, definitionChanged);
    if (!events.isWanted()) {
      return;
    }
    if (definitionChanged) {
      events.raise(connection, List.of(EventShapes.of(EventKind.JOB_UPDATED, changed.job())));
      return;
    }
    switch (changed.state()) {
      case ACTIVE ->
          events.raise(connection, List.of(EventShapes.of(EventKind.JOB_RESUMED, changed.job())));
      case PAUSED ->
          events.raise(connection, List.of(EventShapes.of(EventKind.JOB_PAUSED, changed.job())));
      case CANCELLED ->
          events.raise(connection, List.of(EventShapes.of(EventKind.CANCELLED, changed.job())));
      // Its last execution has said so.
      case COMPLETED -> {}
    }
  }

  @Override
  public boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides)
      throws SQLException {
    boolean inserted = super.insertRun(connection, id, job, overrides);
    if (inserted && events.isWanted()) {
      events.raise(connection, List.of(waiting(id, job.id(), job.job().queue(), null, 0)));
    }
    return inserted;
  }

  @Override
  public void insertBackfill(Connection connection, List<ExecutionId> ids, StoredJob job)
      throws SQLException {
    super.insertBackfill(connection, ids, job);
    if (events.isWanted()) {
      events.raise(
          connection,
          ids.stream()
              .map(id -> waiting(id, job.id(), job.job().queue(), Reasons.BACKFILL, 0))
              .toList());
    }
  }

  @Override
  public Fired fired(Connection connection, List<Due> due, String node, Instant now, OpenRuns open)
      throws SQLException {
    Fired fired = super.fired(connection, due, node, now, open);
    if (events.isWanted()) {
      events.raise(connection, ofFiring(fired));
    }
    return fired;
  }

  private static List<Event> ofFiring(Fired fired) {
    List<Event> happened = new ArrayList<>();
    Settled settled = fired.settled();
    settled
        .skips()
        .forEach(
            (job, spans) -> {
              for (Skipped span : spans) {
                happened.add(EventShapes.skipped(job, span));
              }
            });
    settled
        .overtaken()
        .forEach(
            (id, job) ->
                happened.add(
                    EventShapes.execution(
                        EventKind.CANCELLED,
                        job,
                        null,
                        id,
                        ExecutionState.CANCELLED,
                        Reasons.OVERLAP,
                        1)));
    settled
        .queued()
        .forEach((id, due) -> happened.add(waiting(id, due.jobId(), null, Reasons.OVERLAP, 0)));
    settled
        .held()
        .values()
        .forEach(
            one ->
                happened.add(
                    waiting(
                        one.id(),
                        one.job().id(),
                        one.job().queue(),
                        one.verdict().reason(),
                        one.attempt() - 1)));
    for (Firing firing : fired.firings().values()) {
      happened.add(EventShapes.begun(firing));
    }
    return happened;
  }

  @Override
  public void completed(Connection connection, List<Completion> completions) throws SQLException {
    super.completed(connection, completions);
    if (events.isWanted()) {
      events.raise(
          connection,
          completions.stream().flatMap(one -> EventShapes.ended(one).stream()).toList());
    }
  }

  @Override
  public List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now)
      throws SQLException {
    List<Repeat> repeats = super.handedBack(connection, ids, reason, now);
    if (events.isWanted()) {
      Set<ExecutionId> over = new HashSet<>(ids);
      List<Event> happened = new ArrayList<>();
      for (Repeat repeat : repeats) {
        over.remove(repeat.id());
        happened.add(
            waiting(repeat.id(), repeat.jobId(), repeat.queue(), reason, repeat.attempt() - 1));
      }
      happened.addAll(WaitingExecutions.ended(connection, over, now));
      events.raise(connection, happened);
    }
    return repeats;
  }

  @Override
  public void cancelled(Connection connection, JobId id, Instant now) throws SQLException {
    List<Event> waiting =
        events.isWanted() ? WaitingExecutions.cancelled(connection, id) : List.of();
    super.cancelled(connection, id, now);
    events.raise(connection, waiting);
  }

  @Override
  public List<Instant> skipped(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now)
      throws SQLException {
    List<Instant> written = super.skipped(connection, job, instants, wanted, now);
    if (events.isWanted()) {
      events.raise(
          connection,
          written.stream()
              .map(at -> EventShapes.skipped(job.id(), Skipped.one(at, Reasons.SKIP_REQUESTED)))
              .toList());
    }
    return written;
  }

  /** An execution that waits to be called. */
  private static Event waiting(
      ExecutionId id, JobId job, @Nullable String queue, @Nullable String reason, int attempt) {
    return EventShapes.execution(
        EventKind.WAITING, job, queue, id, ExecutionState.QUEUED, reason, attempt);
  }
}
