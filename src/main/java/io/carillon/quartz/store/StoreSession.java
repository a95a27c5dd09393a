package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Move;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction of the store, under its lock row, as the job scheduler sees it: our rows through
 * the participant and Quartz's rows, committed together. Valid only inside the call that was given
 * it; one thread.
 */
public final class StoreSession {
  private final Connection connection;
  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final PausedTriggers pauses;
  private final HeldQueues queues;

  StoreSession(
      Connection connection,
      Rows rows,
      OrphanJobs orphans,
      StoreParticipant participant,
      NextFire nextFire,
      HeldQueues queues) {
    this.queues = queues;
    this.pauses = new PausedTriggers(rows, participant, nextFire);
    this.connection = connection;
    this.rows = rows;
    this.orphans = orphans;
    this.participant = participant;
  }

  /** Our rows, for this transaction. */
  public <T> T ours(Ours<T> work) throws SQLException {
    return work.with(participant, connection);
  }

  /** Writes a changed job row. */
  public void update(StoredJob changed, boolean definitionChanged) throws SQLException {
    participant.updateJob(connection, changed, definitionChanged);
    if (definitionChanged) {
      new JobsOnHold(rows, participant).changed(connection, changed);
    }
  }

  /** What is done with our rows. */
  @FunctionalInterface
  public interface Ours<T> {
    T with(StoreParticipant participant, Connection connection) throws SQLException;
  }

  /** Writes JobDetails, and triggers that are not there yet. */
  public void store(Collection<PlannedJob> planned) throws SQLException {
    rows.jobs().upsert(connection, planned.stream().map(PlannedJob::detail).toList());
    rows.changes()
        .insert(connection, planned.stream().flatMap(job -> job.trigger().stream()).toList());
  }

  /** The next planned instant of a job's own trigger, paused or not. */
  public Optional<Instant> nextPlanned(JobId job) throws SQLException {
    return rows.triggers().lockOfJob(connection, job).stream()
        .filter(row -> row.name().repeat().isEmpty() && row.firesAgain())
        .map(row -> Instant.ofEpochMilli(row.planned()))
        .findFirst();
  }

  /**
   * A job's own trigger.
   *
   * @param next its next instant
   * @param held whether it waits for a resume, of its job or of its queue
   */
  public record Planned(Instant next, boolean held) {}

  /** A job's own trigger, locked; empty if it has none that fires again by itself. */
  public Optional<Planned> lockPlan(JobId job) throws SQLException {
    return rows.triggers().lockOfJob(connection, job).stream()
        .filter(row -> row.name().repeat().isEmpty() && row.firesAgain() && !isDone(row))
        .map(
            row ->
                new Planned(
                    Instant.ofEpochMilli(row.planned()),
                    row.state().equals(TriggerRow.PAUSED)
                        || row.state().equals(TriggerRow.PAUSED_BLOCKED)))
        .findFirst();
  }

  private static boolean isDone(TriggerRow row) {
    return row.state().equals(TriggerRow.COMPLETE) || row.state().equals(TriggerRow.ERROR);
  }

  /** Moves a job's own trigger to a later planned instant, past those before it. */
  public void movePlan(JobId job, Move move) throws SQLException {
    rows.changes()
        .advance(
            connection,
            rows.triggers().lockOfJob(connection, job).stream()
                .filter(row -> row.name().repeat().isEmpty())
                .map(row -> row.moved(move))
                .toList());
  }

  /** What the calendars of a job exclude. Nothing is read if it names none. */
  public Exclusions exclusions(Job job) throws SQLException {
    return participant.exclusions(connection, List.of(job)).getOrDefault(job.id(), Exclusions.NONE);
  }

  /**
   * Moves the plans of jobs, five statements for any number of them.
   *
   * @param plans tells for a job and its next planned instant where it goes on; empty: as it is
   */
  public void replan(Collection<JobId> ids, Replanned plans) throws SQLException {
    List<TriggerRow> triggers =
        rows.triggers().lockOfJobs(connection, ids).stream()
            .filter(row -> row.kind() instanceof TriggerRow.Own && row.name().repeat().isEmpty())
            .toList();
    Map<JobId, StoredJob> jobs = participant.lockJobs(connection, ids);
    Map<JobId, Exclusions> exclusions =
        participant.exclusions(connection, jobs.values().stream().map(StoredJob::job).toList());
    List<TriggerRow> moved = new ArrayList<>();
    for (TriggerRow row : triggers) {
      StoredJob job = jobs.get(row.requireJob());
      if (job != null) {
        plans
            .of(
                job,
                Instant.ofEpochMilli(row.planned()),
                exclusions.getOrDefault(job.id(), Exclusions.NONE))
            .ifPresent(
                move -> moved.add(row.moved(move).withPreviousFireTime(row.previousFireTime())));
      }
    }
    rows.changes().advance(connection, moved);
  }

  /** Where the plan of a job goes on. */
  @FunctionalInterface
  public interface Replanned {
    Optional<Move> of(StoredJob job, Instant planned, Exclusions exclusions);
  }

  /** Writes a changed queue; if it is paused or resumed, Quartz's list of paused groups as well. */
  public void update(StoredQueue old, StoredQueue changed) throws SQLException {
    participant.queues().write(connection, changed);
    new JobsOnHold(rows, participant).changed(connection, old, changed);
    if (old.paused() != changed.paused()) {
      queues.list(connection, changed);
    }
  }

  /** Takes away a job's own trigger; retries and runs by hand stay. */
  public void removePlan(JobId job) throws SQLException {
    List<TriggerName> names =
        rows.triggers().lockOfJob(connection, job).stream()
            .map(TriggerRow::name)
            .filter(name -> name.repeat().isEmpty())
            .toList();
    rows.changes().delete(connection, names);
  }

  /** What a person does with single executions. */
  public OneRun runs() {
    return new OneRun(connection, rows, orphans, participant);
  }

  /** Takes away a job with all its triggers. What runs, runs on. @return ids of what runs */
  public List<String> removeJob(JobId job) throws SQLException {
    List<TriggerName> names =
        rows.triggers().lockOfJob(connection, job).stream().map(TriggerRow::name).toList();
    rows.changes().delete(connection, names);
    rows.jobs().delete(connection, List.of(job));
    new JobsOnHold(rows, participant).gone(connection, names);
    return rows.fired().entriesOf(connection, job);
  }

  /** Holds all waiting triggers of a job; what falls due meanwhile falls into the pause. */
  public void pause(JobId job, Instant now) throws SQLException {
    pauses.begin(connection, job, nextPlanned(job).orElse(null), now);
  }

  /**
   * Lets the triggers of a job go on from where they were: what fell due meanwhile is settled when
   * they fire. One that a caller of Quartz's interface made goes on with its first instant after
   * now.
   *
   * @param caughtUp whether that is treated as late, not as paused
   */
  public void resume(JobId job, boolean caughtUp, Instant now) throws SQLException {
    pauses.end(connection, job, caughtUp, now);
    settle(job, now);
  }

  /** Plants the trigger of one execution, due at an instant, whether the job is paused or not. */
  public void plantRun(ExecutionId id, StoredJob job, Instant at) throws SQLException {
    rows.changes()
        .insert(
            connection,
            List.of(Repeats.trigger(id, 1, job, at, "run by hand").withState(TriggerRow.WAITING)));
  }

  /**
   * Plants the triggers of executions that follow others, due at once; those of paused jobs wait.
   */
  public void plantFollowing(Map<ExecutionId, StoredJob> runs, Instant now) throws SQLException {
    List<TriggerRow> triggers = new ArrayList<>();
    runs.forEach((id, job) -> triggers.add(Repeats.trigger(id, 1, job, now, "follows another")));
    rows.changes().insert(connection, triggers);
  }

  /**
   * Plants the triggers of executions that are run after the fact, due at an instant: all of them,
   * or where runs must not overlap the oldest, if nothing else is in its way.
   */
  public void plantBackfill(List<ExecutionId> ids, StoredJob job, Instant now) throws SQLException {
    boolean waits = QueuedRuns.mayWait(job.job());
    List<TriggerRow> triggers = new ArrayList<>();
    for (ExecutionId id : ids) {
      TriggerRow run = Repeats.trigger(id, 1, job, now, "run after the fact");
      triggers.add(run.withState(waits ? TriggerRow.QUEUED : run.state()));
    }
    rows.changes().insert(connection, triggers);
    if (waits) {
      new QueuedRuns(rows).release(connection, Set.of(job.id()), participant, now);
    }
  }

  /** Plants the triggers of executions that were over and are attempted again, oldest first. */
  public void plantAgain(List<Again> again) throws SQLException {
    rows.changes().insert(connection, new QueuedRuns(rows).again(connection, again));
  }

  /** Ends the jobs among these of which nothing is planned or running. Four statements. */
  public void finish(Collection<JobId> jobs, Instant now) throws SQLException {
    orphans.remove(connection, jobs, now);
  }

  /** Ends a job of which nothing is planned or running any more, whether it has ever run or not. */
  public void settle(JobId job, Instant now) throws SQLException {
    Set<JobId> one = Set.of(job);
    orphans.remove(connection, one, now);
    if (!isIdle(job)) {
      return;
    }
    StoredJob left = participant.lockJobs(connection, one).get(job);
    if (left != null && left.state() == JobState.ACTIVE) {
      participant.updateJob(connection, left.completed(now), false);
    }
  }

  /** Whether nothing of a job is planned or running. */
  public boolean isIdle(JobId job) throws SQLException {
    Set<JobId> one = Set.of(job);
    return rows.triggers().jobsWithTriggers(connection, one).isEmpty()
        && rows.fired().runningAmong(connection, one).isEmpty();
  }

  /** What is known of the jobs, with rows locked. */
  public Map<JobId, StoredJob> lockJobs(Collection<JobId> ids) throws SQLException {
    return participant.lockJobs(connection, ids);
  }
}
