package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.Need;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.JobLimits;
import io.carillon.job.QueueSettings;
import io.carillon.job.StoredJob;
import io.carillon.job.StoredQueue;
import io.carillon.quartz.store.FiredRows.Running;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What changes of jobs and queues mean for executions that are held, and for limits of what runs
 * already. Works on the caller's transaction, which holds the lock row exclusively: nothing fires
 * or ends meanwhile. Stateless but for the rows.
 */
final class JobsOnHold {
  private final Rows rows;
  private final LaneRows lanes;

  JobsOnHold(Rows rows, StoreParticipant participant) {
    this.rows = rows;
    this.lanes = participant.queues().lanes();
  }

  /** What is held of a job is not held any more, but in another state. One statement if none is. */
  void release(Connection connection, JobId job, String state) throws SQLException {
    if (rows.changes().changeState(connection, job, TriggerRow.HELD, state) > 0) {
      lanes.unhold(connection, job);
    }
  }

  /** Triggers are gone, and what waited with them is not to run. */
  void gone(Connection connection, Collection<TriggerName> names) throws SQLException {
    List<ExecutionId> ids =
        names.stream()
            .flatMap(name -> name.repeat().stream())
            .map(TriggerName.Repeat::execution)
            .toList();
    if (!ids.isEmpty()) {
      lanes.forget(connection, ids);
    }
  }

  /** A job has another definition: what is held of it is judged anew, what runs counts. */
  void changed(Connection connection, StoredJob job) throws SQLException {
    release(connection, job.id(), TriggerRow.WAITING);
    if (JobLimits.of(job.job()).isPresent()) {
      List<Permit> permits = new ArrayList<>();
      for (String entry : rows.fired().entriesOf(connection, job.id())) {
        ExecutionId.parse(entry)
            .ifPresent(
                id ->
                    Need.of(job.job(), null, 1).stream()
                        .filter(need -> need.most() != null)
                        .forEach(need -> permits.add(new Permit(need.lane(), id))));
      }
      lanes.permit(connection, permits);
    }
  }

  /** A queue has other limits: what runs of it counts, and what is held is looked at. */
  void changed(Connection connection, StoredQueue old, StoredQueue queue) throws SQLException {
    QueueSettings now = queue.settings();
    boolean same = old.settings().equals(now);
    if (same && old.paused() == queue.paused()) {
      return;
    }
    boolean counted = now.concurrency() != null || now.perHostConcurrency() != null;
    if (!same && counted) {
      String group = TriggerName.group(queue.namespace(), queue.name());
      lanes.permit(
          connection, permits(connection, queue, rows.queues().runningOf(connection, group)));
    }
    lanes.wake(connection, queue);
  }

  private List<Permit> permits(Connection connection, StoredQueue queue, List<Running> running)
      throws SQLException {
    List<Permit> permits = new ArrayList<>();
    if (running.isEmpty()) {
      return permits;
    }
    Map<JobId, String> hosts =
        queue.settings().perHostConcurrency() == null
            ? Map.of()
            : lanes.hosts(connection, running.stream().map(Running::job).toList());
    for (Running one : running) {
      if (queue.settings().concurrency() != null) {
        permits.add(new Permit(Lane.queue(queue.namespace(), queue.name()), one.id()));
      }
      String host = hosts.get(one.job());
      if (host != null) {
        permits.add(new Permit(Lane.queueHost(queue.namespace(), queue.name(), host), one.id()));
      }
    }
    return permits;
  }
}
