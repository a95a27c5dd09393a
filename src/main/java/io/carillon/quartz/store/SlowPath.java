package io.carillon.quartz.store;

import io.carillon.execution.Firing;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Plan;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.quartz.JobPersistenceException;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * Fires and completes what the sets do not cover, by Quartz's own code: triggers with a calendar or
 * of other types, and jobs that do not run beside themselves or keep their data. In the same
 * transactions as the sets, with the same rows of ours, the same ids and the same fence; but row by
 * row, each under a savepoint, so that one that cannot be read is parked alone. Some twenty
 * statements for each, so a transaction takes a few at a time.
 */
final class SlowPath {
  /** More would hold the lock row for too long; the rest is still due at the next look. */
  private static final int MOST = 20;

  private static final String BLOB = "BLOB";

  private final Rows rows;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final SlowEnd slowEnd;
  private final Supplier<QuartzSteps> quartz;

  SlowPath(
      Rows rows,
      OrphanJobs orphans,
      StoreParticipant participant,
      SlowEnd slowEnd,
      Supplier<QuartzSteps> quartz) {
    this.rows = rows;
    this.orphans = orphans;
    this.participant = participant;
    this.slowEnd = slowEnd;
    this.quartz = quartz;
  }

  /** What became of the rows of one call. */
  private record Outcome(
      List<Shot> shots, List<TriggerRow> over, List<TriggerName> parked, Instant now) {
    static Outcome at(Instant now) {
      return new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), now);
    }
  }

  /** Fires the first of these due triggers, which the caller has locked. */
  FireDue.Result fire(Connection connection, List<TriggerRow> due, String node, Instant now)
      throws SQLException {
    Outcome outcome = Outcome.at(now);
    int duplicates = 0;
    for (TriggerRow row : due.subList(0, Math.min(MOST, due.size()))) {
      Savepoint before = connection.setSavepoint();
      try {
        duplicates += fire(connection, row, node, outcome);
        connection.releaseSavepoint(before);
      } catch (JobPersistenceException e) {
        QuartzSteps.rethrowUnlessAboutTheRow(e);
        connection.rollback(before);
        FireDue.park(row, e.getMessage(), outcome.parked());
      }
    }
    rows.fired().insert(connection, outcome.shots());
    rows.changes().park(connection, outcome.parked());
    rows.changes().delete(connection, outcome.over().stream().map(TriggerRow::name).toList());
    orphans.remove(connection, outcome.over().stream().map(TriggerRow::requireJob).toList(), now);
    return new FireDue.Result(
        outcome.shots(),
        duplicates,
        outcome.parked().size(),
        Map.of(),
        Map.of(),
        Set.of(),
        0,
        false);
  }

  /** Fires one row. @return 1 if its instant had been fired before */
  private int fire(Connection connection, TriggerRow row, String node, Outcome outcome)
      throws SQLException, JobPersistenceException {
    if (row.kind() instanceof TriggerRow.Other other && other.type().equals(BLOB)) {
      throw new JobPersistenceException("it is stored as a Java object, which is never read");
    }
    QuartzSteps steps = quartz.get();
    OperableTrigger trigger = steps.read(connection, row.name());
    boolean alone = steps.runsAlone(connection, trigger);
    // Of several triggers of such a job in one batch, the first has just been noted as running.
    if (alone
        && (isAmong(outcome.shots(), row.requireJob()) || steps.isRunning(connection, trigger))) {
      steps.block(connection, trigger);
      return 0;
    }
    Due due = asQuartzWould(FireDue.due(row));
    Fired fired =
        participant.fired(connection, List.of(due), node, outcome.now(), (c, jobs) -> Map.of());
    if (fired.unknownJobs().contains(row.requireJob())) {
      throw new JobPersistenceException("its job has no row in table job");
    }
    Firing firing = fired.firings().get(due);
    if (firing != null) {
      trigger.setFireInstanceId(InFlight.nameOf(firing));
    }
    TriggerFiredBundle bundle = steps.fire(connection, trigger);
    boolean last = due.id() == null && fired.exhausted().contains(row.requireJob());
    if (last && trigger.getNextFireTime() != null) {
      steps.finish(connection, trigger, bundle.getJobDetail());
    }
    if (firing != null) {
      outcome.shots().add(new Shot(firing, row, bundle(bundle, firing)));
      return 0;
    }
    if (alone) {
      slowEnd.unblock(connection, Set.of(row.requireJob()));
    }
    if (trigger.getNextFireTime() == null) {
      outcome.over().add(row);
    }
    return 1;
  }

  private static Due asQuartzWould(Due due) {
    return new Due(due.id(), due.jobId(), due.scheduledAt(), due.attempt(), Plan.FOREIGN);
  }

  private static boolean isAmong(List<Shot> shots, JobId job) {
    return shots.stream().anyMatch(shot -> shot.firing().job().id().equals(job));
  }

  /** The same with our times. */
  private static TriggerFiredBundle bundle(TriggerFiredBundle quartz, Firing firing) {
    return new TriggerFiredBundle(
        quartz.getJobDetail(),
        quartz.getTrigger(),
        quartz.getCalendar(),
        firing.recovered(),
        Date.from(firing.firedAt()),
        Date.from(firing.scheduledAt()),
        quartz.getPrevFireTime(),
        quartz.getNextFireTime());
  }
}
