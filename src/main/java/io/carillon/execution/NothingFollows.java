package io.carillon.execution;

import io.carillon.execution.Follower.NewRun;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** As {@link Following#NONE} says. */
final class NothingFollows implements Following {
  @Override
  public boolean concerns(Job job, ExecutionState state) {
    return false;
  }

  @Override
  public int most(Job job) {
    return 0;
  }

  @Override
  public List<Follower> of(
      Connection connection, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now) {
    return List.of();
  }

  @Override
  public boolean isAnyGroupOver(Connection connection) {
    return false;
  }

  @Override
  public Set<JobId> overInGroups(Connection connection) {
    return Set.of();
  }

  @Override
  public List<Follower> ofGroups(Connection connection, Set<JobId> over, Instant now) {
    return List.of();
  }

  @Override
  public Runs run(Connection connection, List<NewRun> runs, Map<JobId, StoredJob> jobs) {
    return new Runs(List.of(), List.of());
  }

  @Override
  public void keep(Connection connection, Collection<? extends Follower> followers, Instant now) {
    // There are none.
  }

  @Override
  public List<ExecutionId> waiting(Connection connection, JobId job, int most) {
    return List.of();
  }
}
