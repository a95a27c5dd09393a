package io.carillon.execution;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells which executions of jobs are not over, and which queues were paused. Thread-safe. */
@FunctionalInterface
public interface OpenRuns {
  /**
   * As the caller's transaction sees it. What runs is locked, so that it does not end before the
   * transaction does: whoever ends it then sees what was put behind it. Two statements, none for no
   * jobs. Jobs of which nothing is open are absent.
   */
  Map<JobId, Open> of(Connection connection, Collection<JobId> jobs) throws SQLException;

  /** The pauses of queues, as the same transaction sees them. */
  default QueuePauses pauses() {
    return QueuePauses.NONE;
  }

  /** What limits the runs of the same transaction. */
  default Lanes lanes() {
    return Lanes.NONE;
  }

  /** The same, with the pauses and limits that its transaction sees. */
  default OpenRuns beside(QueuePauses pauses, Lanes lanes) {
    OpenRuns runs = this;
    return new OpenRuns() {
      @Override
      public Map<JobId, Open> of(Connection connection, Collection<JobId> jobs)
          throws SQLException {
        return runs.of(connection, jobs);
      }

      @Override
      public QueuePauses pauses() {
        return pauses;
      }

      @Override
      public Lanes lanes() {
        return lanes;
      }
    };
  }

  /**
   * What of a job is not over.
   *
   * @param begun executions that run, on any node, or wait for another attempt
   * @param latest when the last of them was fired or put behind another; null if there are but
   *     retries
   * @param queued how many wait for those
   */
  record Open(List<ExecutionId> begun, @Nullable Instant latest, int queued) {
    public static final Open NOTHING = new Open(List.of(), null, 0);

    public Open {
      begun = List.copyOf(begun);
    }

    public boolean isIdle() {
      return begun.isEmpty() && queued == 0;
    }

    /** Whether a planned instant was due when the run began that is in its way. */
    public boolean beganAfter(Instant planned) {
      return latest != null && !latest.isBefore(planned);
    }
  }
}
