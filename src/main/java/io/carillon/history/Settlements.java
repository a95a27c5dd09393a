package io.carillon.history;

import io.carillon.execution.Settlement;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Plan;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Overlap;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The planned instants of a batch that need more than to be fired: late, passed over, expired, of a
 * plan that its trigger cannot tell, or of a job that must not run beside itself. Immutable but for
 * what it is built from.
 */
final class Settlements {
  private final Map<Due, Settlement> byDue = new HashMap<>();
  private final Map<JobId, Exclusions> exclusions;
  private final Set<JobId> exclusive = new LinkedHashSet<>();
  private final Instant now;

  private Settlements(Map<JobId, Exclusions> exclusions, Instant now) {
    this.exclusions = exclusions;
    this.now = now;
  }

  static Settlements of(
      List<Due> due, Map<JobId, DueJob> known, Map<JobId, Exclusions> exclusions, Instant now) {
    Settlements settlements = new Settlements(exclusions, now);
    for (Due one : due) {
      DueJob job = known.get(one.jobId());
      if (one.id() == null && job != null && one.plan() != Plan.FOREIGN) {
        settlements.add(one, job);
      }
    }
    return settlements;
  }

  private void add(Due due, DueJob known) {
    Job job = known.job().job();
    boolean simple =
        due.plan() == Plan.IN_TRIGGER
            && !exclusions.containsKey(due.jobId())
            && Settlement.isOnTime(job, known.passed(), due.scheduledAt(), now);
    Settlement settlement = simple ? null : settle(due, known);
    if (settlement != null) {
      byDue.put(due, settlement);
    }
    boolean runs = settlement == null || settlement.run() != null;
    if (runs && job.policies().overlap() != Overlap.ALLOW) {
      exclusive.add(due.jobId());
    }
  }

  /** What becomes of an instant. */
  Settlement settle(Due due, DueJob known) {
    return Settlement.of(
        known.job().job(),
        known.passed(),
        due.scheduledAt(),
        now,
        exclusions.getOrDefault(due.jobId(), Exclusions.NONE));
  }

  /** Null if it simply fires. */
  @Nullable Settlement of(Due due) {
    return byDue.get(due);
  }

  /** Jobs about to run that must not run beside themselves. */
  Collection<JobId> exclusive() {
    return exclusive;
  }
}
