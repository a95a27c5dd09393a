package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins the store's transactions with rows of its own, so that they and Quartz's rows can never
 * disagree. Every method runs inside a transaction of the store, under its lock row, on the given
 * connection: it must not commit, roll back or close it, call out, or wait. The transaction may be
 * rolled back and run again as a whole, so a method must have no effect but its statements. The
 * number of statements does not grow with the batch. An {@link SQLException} rolls the transaction
 * back.
 */
public interface StoreParticipant extends DefinitionRows {

  /**
   * Inserts the execution of a run by hand as QUEUED, awaiting attempt 1.
   *
   * @return false if it is there already: the request was seen before
   */
  boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides)
      throws SQLException;

  /**
   * Of the instants of a job from one to another, both included, those with an execution that was
   * not skipped, planned or backfilled. One statement.
   */
  Set<Instant> begun(Connection connection, JobId id, Instant from, Instant to) throws SQLException;

  /**
   * Inserts executions that are run after the fact as QUEUED, awaiting attempt 1.
   *
   * @param ids none of which has a row
   */
  void insertBackfill(Connection connection, List<ExecutionId> ids, StoredJob job)
      throws SQLException;

  /**
   * Writes the execution rows of due attempts as RUNNING and counts the jobs' runs. A planned
   * instant that already has a row, and a repeat whose row does not await exactly that attempt, are
   * left alone. Instants that are late, passed over, expired, or in the way of another execution of
   * their job are settled as the job's policies say: run, put behind the other, or written as
   * SKIPPED. Reads no more definitions than a node can hold at once, and leaves the rest of the
   * batch as it is.
   *
   * @param open asked for jobs that must not run beside themselves
   */
  Fired fired(Connection connection, List<Due> due, String node, Instant now, OpenRuns open)
      throws SQLException;

  /**
   * Ends executions that are not over as CANCELLED, because the next one is due and takes their
   * place. Those that run are noted, so that their nodes break the calls off.
   *
   * @param nodes instance names, of those that run
   */
  void overtaken(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException;

  /** Takes the executions that a node shall break off. Two statements, one if there are none. */
  List<ExecutionId> toBreakOff(Connection connection, String node) throws SQLException;

  /** Writes the outcome of attempts whose FIRED row was this node's own until now. */
  void completed(Connection connection, List<Completion> completions) throws SQLException;

  /**
   * Calls that have ended, whatever follows: those of {@link #completed}, and those whose targets
   * tell the outcome later. The last of the transaction: for rows of hosts, which all nodes write,
   * so that they are locked after all others and not for long.
   */
  default void answered(Connection connection, List<Completion> completions) throws SQLException {}

  /**
   * Keeps the answers of attempts whose FIRED row was gone or another's: as attempts, never as
   * outcomes.
   */
  void stale(Connection connection, List<Completion> completions) throws SQLException;

  /**
   * Gives back executions that ran on a node that died or drains: the next attempt number, QUEUED,
   * the lost attempt noted as not counted. At the third death one ends as FAILED/POISON. With
   * CIRCUIT_OPEN the attempt was not begun and keeps its number.
   *
   * @param reason {@link Reasons#NODE_LOST}, {@link Reasons#DRAINED}, {@link Reasons#CIRCUIT_OPEN}
   * @return the executions that have to be attempted again, with the number of that attempt
   */
  List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now)
      throws SQLException;

  /** How executions stand, with rows locked, without those that cannot be run as they are. */
  Map<ExecutionId, Standing> standing(Connection connection, Collection<ExecutionId> ids)
      throws SQLException;

  /** Ends the waiting executions (QUEUED, RETRYING) of a job that is cancelled, as CANCELLED. */
  void cancelled(Connection connection, JobId id, Instant now) throws SQLException;

  /**
   * Writes instants that a client does not want to be run, as SKIPPED executions of attempt 0, and
   * notes the latest as the job's last. Instants that have a row already are left alone.
   *
   * @param wanted why, in the client's words; null if he said nothing
   * @return those that were written, in order
   */
  List<Instant> skipped(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now)
      throws SQLException;

  /** The rows of queues. */
  default QueueRows queues() {
    return QueueRows.NONE;
  }

  /** Where the store says what it sees of nodes. */
  default EventSink events() {
    return EventSink.NONE;
  }

  /** The rows of single executions. */
  default RunRows runs() {
    return RunRows.NONE;
  }

  /**
   * How an execution stands.
   *
   * @param attempt number of the current or last attempt
   * @param nextAttemptAt of one that waits for a retry
   */
  record Standing(
      JobId jobId,
      String queue,
      ExecutionState state,
      int attempt,
      @Nullable Instant nextAttemptAt) {

    /** Whether it waits for exactly this attempt. */
    public boolean awaits(int next) {
      return !state.isFinal() && state != ExecutionState.RUNNING && attempt == next - 1;
    }
  }

  /**
   * A due attempt as its trigger has it.
   *
   * @param id of the execution; null for a planned instant, whose id follows from the job's
   *     generation
   * @param attempt from 1; a planned instant is always 1
   * @param plan where the plan stands that it is part of
   */
  record Due(@Nullable ExecutionId id, JobId jobId, Instant scheduledAt, int attempt, Plan plan) {
    public static Due planned(JobId jobId, Instant scheduledAt) {
      return planned(jobId, scheduledAt, Plan.IN_TRIGGER);
    }

    public static Due planned(JobId jobId, Instant scheduledAt, Plan plan) {
      return new Due(null, jobId, scheduledAt, 1, plan);
    }

    public static Due repeat(ExecutionId id, JobId jobId, int attempt) {
      return new Due(id, jobId, id.scheduledAt(), attempt, Plan.IN_TRIGGER);
    }
  }

  /** Where the next planned instant of a trigger is told. */
  enum Plan {
    /** By the trigger, which says the same as the job's schedule. */
    IN_TRIGGER,
    /** By the job's schedule alone. */
    IN_SCHEDULE,
    /** By a trigger that a caller of Quartz's interface made: it fires as Quartz would. */
    FOREIGN
  }

  /**
   * What became of a batch of due attempts.
   *
   * @param firings what was written and must be run, in the order given, each with the due attempt
   *     it answers
   * @param exhausted jobs that have had their last run (maxRuns): their trigger must not fire again
   * @param unknownJobs jobs without a row: their triggers are damaged
   * @param left the end of the batch, untouched: its definitions do not fit into memory as well
   * @param settled what became of those that did not simply fire
   */
  record Fired(
      Map<Due, Firing> firings,
      Set<JobId> exhausted,
      Set<JobId> unknownJobs,
      Set<Due> left,
      Settled settled) {
    /** Nothing but what simply fires. */
    public Fired(
        Map<Due, Firing> firings, Set<JobId> exhausted, Set<JobId> unknownJobs, Set<Due> left) {
      this(firings, exhausted, unknownJobs, left, Settled.NOTHING);
    }
  }

  /**
   * What became of due instants beside the firings.
   *
   * @param moves where plans go on, where not simply at the trigger's next instant
   * @param queued executions that wait for others of their jobs; each needs a trigger that waits
   * @param overtaken executions that are to end because the next one takes their place
   * @param skips planned instants that were written as SKIPPED
   * @param held executions that a limit holds; each needs a trigger that is held
   * @param expired executions that had waited too long, and were written as SKIPPED
   */
  record Settled(
      Map<Due, Move> moves,
      Map<ExecutionId, Due> queued,
      Map<ExecutionId, JobId> overtaken,
      Map<JobId, List<Skipped>> skips,
      Map<Due, Stopped> held,
      Map<ExecutionId, JobId> expired) {
    public static final Settled NOTHING =
        new Settled(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * Where a plan goes on.
   *
   * @param planned the next planned instant; null if there is none
   * @param at when it runs: later by its jitter; null if there is none
   */
  record Move(@Nullable Instant planned, @Nullable Instant at) {}

  /** To be attempted again; {@code attempt} is the number of that attempt. */
  record Repeat(
      ExecutionId id, JobId jobId, String queue, int priority, Instant scheduledAt, int attempt) {}
}
