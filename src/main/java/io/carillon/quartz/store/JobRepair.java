package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Standing;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.NodeRows.Sign;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the triggers and JobDetails of suspected jobs right, in one transaction under the lock row,
 * with a number of statements that does not grow with the batch. Every job is judged anew from all
 * of its rows; one that is in order is left as it is. A job of which a dead node's FIRED rows stand
 * is left to {@link Recovery}.
 */
final class JobRepair {
  private static final Logger LOG = LoggerFactory.getLogger(JobRepair.class);

  private final Rows rows;
  private final NodeRows nodes;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final Replanning replanning;
  private final NextFire nextFire;

  JobRepair(
      Rows rows,
      NodeRows nodes,
      OrphanJobs orphans,
      StoreParticipant participant,
      Replanning replanning,
      NextFire nextFire) {
    this.rows = rows;
    this.nodes = nodes;
    this.orphans = orphans;
    this.participant = participant;
    this.replanning = replanning;
    this.nextFire = nextFire;
  }

  List<Healed> run(Connection connection, Collection<JobId> suspects, Instant now)
      throws SQLException {
    Map<JobId, JobFindings> findings = findings(connection, suspects);
    List<Healed> healed = new ArrayList<>();
    List<TriggerName> removed = new ArrayList<>();
    List<TriggerRow> planted = new ArrayList<>();
    List<JobRows.Detail> details = new ArrayList<>();
    Set<JobId> over = new LinkedHashSet<>();
    for (JobFindings job : findings.values()) {
      JobId id = job.job().id();
      try {
        Remedy remedy = Remedy.of(job, replanning, nextFire, now);
        if (remedy.needsDetail()) {
          details.add(remedy.detail());
        }
        removed.addAll(remedy.removed());
        planted.addAll(remedy.planted());
        remedy.kinds().forEach(kind -> healed.add(new Healed(kind, id.toString())));
        if (remedy.isOver()) {
          over.add(id);
          if (job.job().state() == JobState.ACTIVE) {
            healed.add(new Healed(Ownerless.JOB_OVER, id.toString()));
          }
        }
      } catch (RuntimeException e) {
        LOG.warn("job {} cannot be planned anew and stays as it is: {}", id, e.toString());
      }
    }
    rows.changes().delete(connection, removed);
    rows.jobs().upsert(connection, details);
    rows.changes().insert(connection, planted);
    orphans.remove(connection, over, now);
    return healed;
  }

  /** Jobs without a readable row are absent: nothing says what they should be. */
  private Map<JobId, JobFindings> findings(Connection connection, Collection<JobId> suspects)
      throws SQLException {
    Map<JobId, List<TriggerRow>> triggers =
        rows.triggers().lockOfJobs(connection, suspects).stream()
            .collect(Collectors.groupingBy(TriggerRow::requireJob));
    Map<JobId, List<FiredRow>> fired =
        rows.fired().ofJobs(connection, suspects).stream()
            .collect(Collectors.groupingBy(FiredRow::job));
    Set<JobId> judged = new LinkedHashSet<>(suspects);
    judged.removeAll(ofUnknownNodes(connection, fired.values()));
    if (judged.isEmpty()) {
      return Map.of();
    }
    Set<JobId> runnable = rows.jobs().runnable(connection, judged).keySet();
    Map<JobId, StoredJob> jobs = participant.lockJobs(connection, judged);
    Map<ExecutionId, Standing> executions =
        participant.standing(connection, executions(jobs, triggers));
    Map<JobId, Instant> accepted = participant.acceptedAt(connection, jobs.values());
    Map<JobId, JobFindings> findings = new LinkedHashMap<>();
    jobs.forEach(
        (id, job) ->
            findings.put(
                id,
                new JobFindings(
                    job,
                    triggers.getOrDefault(id, List.of()),
                    fired.getOrDefault(id, List.of()),
                    runnable.contains(id),
                    executions,
                    accepted.getOrDefault(id, job.createdAt()))));
    return findings;
  }

  private Set<JobId> ofUnknownNodes(Connection connection, Collection<List<FiredRow>> fired)
      throws SQLException {
    Set<String> known =
        nodes.signs(connection).stream().map(Sign::instance).collect(Collectors.toSet());
    Set<JobId> jobs = new HashSet<>();
    fired.forEach(
        ofJob ->
            ofJob.stream()
                .filter(row -> !known.contains(row.node()))
                .forEach(row -> jobs.add(row.job())));
    return jobs;
  }

  private static Set<ExecutionId> executions(
      Map<JobId, StoredJob> jobs, Map<JobId, List<TriggerRow>> triggers) {
    Set<ExecutionId> ids = new LinkedHashSet<>();
    jobs.values().forEach(job -> JobFindings.latest(job).ifPresent(ids::add));
    triggers.values().stream()
        .flatMap(List::stream)
        .flatMap(row -> row.name().repeat().stream())
        .forEach(repeat -> ids.add(repeat.execution()));
    return ids;
  }
}
