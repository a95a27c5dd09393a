package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.job.JobId;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.quartz.JobPersistenceException;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of what {@link SlowPath} fired, inside the transaction that completes it: what Quartz
 * wants done with trigger and data, and the triggers that waited for it. Nothing is sent for what
 * went through the sets. Thread-safe.
 */
final class SlowEnd {
  private static final Logger LOG = LoggerFactory.getLogger(SlowEnd.class);

  private final Rows rows;
  private final InFlight inFlight;
  private final Supplier<QuartzSteps> quartz;

  SlowEnd(Rows rows, InFlight inFlight, Supplier<QuartzSteps> quartz) {
    this.rows = rows;
    this.inFlight = inFlight;
    this.quartz = quartz;
  }

  /** Does what Quartz wants done at the end of runs; the completions are this node's own. */
  void ended(Connection connection, Collection<Completion> own) throws SQLException {
    for (Completion completion : own) {
      Optional<Ending> ending = inFlight.ending(completion.firing());
      if (ending.isPresent()) {
        end(connection, ending.get());
      }
    }
  }

  private void end(Connection connection, Ending ending) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      if (ending.instruction() != CompletedExecutionInstruction.DELETE_TRIGGER) {
        quartz.get().end(connection, ending);
      } else if (quartz.get().mayDelete(connection, ending.trigger())) {
        // Not by Quartz's code, which takes the job away though another run of it is under way.
        rows.changes().delete(connection, List.of(TriggerName.of(ending.trigger().getKey())));
      }
      connection.releaseSavepoint(before);
    } catch (JobPersistenceException e) {
      QuartzSteps.rethrowUnlessAboutTheRow(e);
      connection.rollback(before);
      LOG.error("{} of {} is not done", ending.instruction(), ending.trigger().getKey(), e);
    }
  }

  /** Lets the triggers go on that waited for these runs. */
  void released(Connection connection, Collection<FiredRow> gone) throws SQLException {
    Set<JobId> jobs = new LinkedHashSet<>();
    for (FiredRow row : gone) {
      if (row.alone() && row.job() != null) {
        jobs.add(row.job());
      }
    }
    unblock(connection, jobs);
  }

  /** Lets the triggers of jobs go on that do not run beside themselves. */
  void unblock(Connection connection, Collection<JobId> jobs) throws SQLException {
    for (JobId job : jobs) {
      rows.changes().changeState(connection, job, TriggerRow.BLOCKED, TriggerRow.WAITING);
      rows.changes().changeState(connection, job, TriggerRow.PAUSED_BLOCKED, TriggerRow.PAUSED);
    }
  }
}
