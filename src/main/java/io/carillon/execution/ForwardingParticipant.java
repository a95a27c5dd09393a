package io.carillon.execution;

import io.carillon.job.Exclusions;
import io.carillon.job.Job;
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
 * Passes everything on to another participant: what writes rows beside those of history extends
 * this, and adds its own before or after. Thread-safe if the other one is.
 */
public abstract class ForwardingParticipant implements StoreParticipant {
  private final StoreParticipant inner;

  protected ForwardingParticipant(StoreParticipant inner) {
    this.inner = inner;
  }

  @Override
  public String definition(Job job) {
    return inner.definition(job);
  }

  @Override
  public Set<JobId> taken(Connection connection, Collection<JobId> ids) throws SQLException {
    return inner.taken(connection, ids);
  }

  @Override
  public void insertJobs(Connection connection, Collection<NewJob> jobs) throws SQLException {
    inner.insertJobs(connection, jobs);
  }

  @Override
  public Map<JobId, StoredJob> lockJobs(Connection connection, Collection<JobId> ids)
      throws SQLException {
    return inner.lockJobs(connection, ids);
  }

  @Override
  public Definitions readJobs(Connection connection, Collection<JobId> ids) throws SQLException {
    return inner.readJobs(connection, ids);
  }

  @Override
  public void updateJob(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException {
    inner.updateJob(connection, changed, definitionChanged);
  }

  @Override
  public boolean insertRun(
      Connection connection, ExecutionId id, StoredJob job, Map<String, Object> overrides)
      throws SQLException {
    return inner.insertRun(connection, id, job, overrides);
  }

  @Override
  public Set<Instant> begun(Connection connection, JobId id, Instant from, Instant to)
      throws SQLException {
    return inner.begun(connection, id, from, to);
  }

  @Override
  public void insertBackfill(Connection connection, List<ExecutionId> ids, StoredJob job)
      throws SQLException {
    inner.insertBackfill(connection, ids, job);
  }

  @Override
  public Fired fired(Connection connection, List<Due> due, String node, Instant now, OpenRuns open)
      throws SQLException {
    return inner.fired(connection, due, node, now, open);
  }

  @Override
  public void overtaken(
      Connection connection,
      Collection<ExecutionId> ids,
      Map<ExecutionId, String> nodes,
      Instant now)
      throws SQLException {
    inner.overtaken(connection, ids, nodes, now);
  }

  @Override
  public List<ExecutionId> toBreakOff(Connection connection, String node) throws SQLException {
    return inner.toBreakOff(connection, node);
  }

  @Override
  public void pauseBegins(Connection connection, JobId id, @Nullable Instant next, Instant now)
      throws SQLException {
    inner.pauseBegins(connection, id, next, now);
  }

  @Override
  public void pauseEnds(Connection connection, JobId id, boolean forgotten, Instant now)
      throws SQLException {
    inner.pauseEnds(connection, id, forgotten, now);
  }

  @Override
  public void completed(Connection connection, List<Completion> completions) throws SQLException {
    inner.completed(connection, completions);
  }

  @Override
  public void answered(Connection connection, List<Completion> completions) throws SQLException {
    inner.answered(connection, completions);
  }

  @Override
  public void stale(Connection connection, List<Completion> completions) throws SQLException {
    inner.stale(connection, completions);
  }

  @Override
  public List<Repeat> handedBack(
      Connection connection, Collection<ExecutionId> ids, String reason, Instant now)
      throws SQLException {
    return inner.handedBack(connection, ids, reason, now);
  }

  @Override
  public Map<ExecutionId, Standing> standing(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    return inner.standing(connection, ids);
  }

  @Override
  public Map<JobId, Exclusions> exclusions(Connection connection, Collection<Job> jobs)
      throws SQLException {
    return inner.exclusions(connection, jobs);
  }

  @Override
  public Map<JobId, Instant> acceptedAt(Connection connection, Collection<StoredJob> jobs)
      throws SQLException {
    return inner.acceptedAt(connection, jobs);
  }

  @Override
  public void cancelled(Connection connection, JobId id, Instant now) throws SQLException {
    inner.cancelled(connection, id, now);
  }

  @Override
  public void jobsFinished(Connection connection, Collection<JobId> ids, Instant now)
      throws SQLException {
    inner.jobsFinished(connection, ids, now);
  }

  @Override
  public List<Instant> skipped(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now)
      throws SQLException {
    return inner.skipped(connection, job, instants, wanted, now);
  }

  @Override
  public RunRows runs() {
    return inner.runs();
  }

  @Override
  public QueueRows queues() {
    return inner.queues();
  }

  @Override
  public EventSink events() {
    return inner.events();
  }
}
