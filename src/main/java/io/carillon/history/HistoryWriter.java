package io.carillon.history;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.OpenRuns;
import io.carillon.execution.QueueRows;
import io.carillon.execution.RunRows;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.Calendars;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes our rows inside the store's transactions, under its lock row. Has no state but its codec;
 * thread-safe. Each method sends a number of statements that is constant up to 500 rows, and then
 * grows by the 500.
 */
public final class HistoryWriter implements StoreParticipant {
  private final JobRows jobs;
  private final DueJobs dueJobs;
  private final FiringRows firings;
  private final ExclusionsOfJobs exclusions;
  private final JobCodec codec;
  private final QueueRows queues;

  /** Of a store whose queues are never paused. */
  public HistoryWriter(JobCodec codec, Calendars calendars) {
    this(codec, calendars, QueueRows.NONE);
  }

  /**
   * @param queues the rows of queues, which belong to the same transactions
   */
  public HistoryWriter(JobCodec codec, Calendars calendars, QueueRows queues) {
    this.codec = codec;
    this.queues = queues;
    JobRow row = new JobRow(codec);
    this.jobs = new JobRows(row);
    this.exclusions = new ExclusionsOfJobs(calendars);
    this.dueJobs = new DueJobs(row);
    this.firings = new FiringRows(dueJobs, exclusions);
  }

  @Override
  public Map<JobId, Exclusions> exclusions(Connection connection, Collection<Job> of)
      throws SQLException {
    return exclusions.of(connection, of);
  }

  @Override
  public String definition(Job job) {
    return codec.store(job);
  }

  @Override
  public Set<JobId> taken(Connection connection, Collection<JobId> ids) throws SQLException {
    return NewJobRows.taken(connection, ids);
  }

  @Override
  public void insertJobs(Connection connection, Collection<NewJob> fresh) throws SQLException {
    NewJobRows.insert(connection, fresh);
  }

  /** A job whose definition cannot be read is absent. */
  @Override
  public Map<JobId, StoredJob> lockJobs(Connection connection, Collection<JobId> ids)
      throws SQLException {
    return jobs.lock(connection, ids);
  }

  @Override
  public Definitions readJobs(Connection connection, Collection<JobId> ids) throws SQLException {
    return dueJobs.read(connection, ids).definitions();
  }

  @Override
  public void updateJob(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException {
    jobs.update(connection, changed, definitionChanged);
  }

  @Override
  public boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides)
      throws SQLException {
    return WaitingRows.insertRun(connection, id, job, overrides);
  }

  @Override
  public Set<Instant> begun(Connection connection, JobId id, Instant from, Instant to)
      throws SQLException {
    return BackfillRows.begun(connection, id, from, to);
  }

  @Override
  public void insertBackfill(Connection connection, List<ExecutionId> ids, StoredJob job)
      throws SQLException {
    BackfillRows.insert(connection, ids, job);
  }

  /** Jobs whose definition cannot be read are answered as unknown. */
  @Override
  public Fired fired(Connection connection, List<Due> due, String node, Instant now, OpenRuns open)
      throws SQLException {
    return firings.fired(connection, due, node, now, open);
  }

  @Override
  public void overtaken(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    OvertakenRows.end(connection, ids, nodes, now);
  }

  @Override
  public List<ExecutionId> toBreakOff(Connection connection, String node) throws SQLException {
    return OvertakenRows.take(connection, node);
  }

  @Override
  public void pauseBegins(Connection connection, JobId id, @Nullable Instant next, Instant now)
      throws SQLException {
    PauseRows.begin(connection, id, next, now);
  }

  @Override
  public void pauseEnds(Connection connection, JobId id, boolean forgotten, Instant now)
      throws SQLException {
    PauseRows.end(connection, id, forgotten, now);
  }

  @Override
  public void completed(Connection connection, List<Completion> completions) throws SQLException {
    CompletionRows.completed(connection, completions);
    DeadLetterRows.note(connection, completions.stream().flatMap(HistoryWriter::failed).toList());
  }

  @Override
  public void stale(Connection connection, List<Completion> completions) throws SQLException {
    CompletionRows.stale(connection, completions);
  }

  @Override
  public List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now)
      throws SQLException {
    List<Repeat> repeats = WaitingRows.handedBack(connection, ids, reason, now);
    Set<ExecutionId> ended = new HashSet<>(ids);
    repeats.forEach(repeat -> ended.remove(repeat.id()));
    DeadLetterRows.note(connection, ended);
    return repeats;
  }

  private static Stream<ExecutionId> failed(Completion completion) {
    return completion.next() instanceof Finish finish && finish.state() == ExecutionState.FAILED
        ? Stream.of(completion.firing().id())
        : Stream.empty();
  }

  @Override
  public Map<ExecutionId, Standing> standing(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    return StandingRows.lock(connection, ids);
  }

  @Override
  public Map<JobId, Instant> acceptedAt(Connection connection, Collection<StoredJob> stored)
      throws SQLException {
    return JobRows.acceptedAt(connection, stored);
  }

  @Override
  public void cancelled(Connection connection, JobId id, Instant now) throws SQLException {
    WaitingRows.cancel(connection, id, now);
  }

  @Override
  public void jobsFinished(Connection connection, Collection<JobId> ids, Instant now)
      throws SQLException {
    jobs.finished(connection, ids, now);
  }

  @Override
  public List<Instant> skipped(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now)
      throws SQLException {
    return SkippedRows.insert(connection, job, instants, wanted, now);
  }

  @Override
  public RunRows runs() {
    return SingleRuns.ROWS;
  }

  @Override
  public QueueRows queues() {
    return queues;
  }
}
