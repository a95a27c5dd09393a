package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Standing;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
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
import java.util.Objects;
import java.util.Set;

/**
 * Puts suspected executions right, in one transaction under the lock row: what runs nowhere is
 * handed back, what waits without a trigger gets it again, under the same id and attempt. Each is
 * judged anew. The number of statements does not grow with the batch, but for jobs that were
 * cancelled.
 */
final class ExecutionRepair {
  private final Rows rows;
  private final HandBack handBack;
  private final StoreParticipant participant;
  private final Replanning replanning;

  ExecutionRepair(
      Rows rows, HandBack handBack, StoreParticipant participant, Replanning replanning) {
    this.rows = rows;
    this.handBack = handBack;
    this.participant = participant;
    this.replanning = replanning;
  }

  List<Healed> run(Connection connection, Collection<ExecutionId> suspects, Instant now)
      throws SQLException {
    Map<ExecutionId, Standing> found = ownerless(connection, suspects);
    if (found.isEmpty()) {
      return List.of();
    }
    Set<JobId> ids = new LinkedHashSet<>();
    found.values().forEach(standing -> ids.add(standing.jobId()));
    Map<JobId, StoredJob> jobs = participant.lockJobs(connection, ids);
    restoreDetails(connection, jobs, now);
    List<Healed> healed = new ArrayList<>();
    List<FiredRow> lost = new ArrayList<>();
    List<TriggerRow> planted = new ArrayList<>();
    Set<JobId> cancelled = new LinkedHashSet<>();
    for (Map.Entry<ExecutionId, Standing> entry : found.entrySet()) {
      Standing standing = entry.getValue();
      StoredJob job = jobs.get(standing.jobId());
      if (standing.state() == ExecutionState.RUNNING) {
        lost.add(asFired(entry.getKey(), standing));
        healed.add(new Healed(Ownerless.EXECUTION_LOST, entry.getKey().value()));
        continue;
      }
      if (job == null || job.state() == JobState.CANCELLED) {
        cancelled.add(standing.jobId());
      } else {
        Instant at = Objects.requireNonNullElse(standing.nextAttemptAt(), now);
        planted.add(
            Repeats.trigger(entry.getKey(), standing.attempt() + 1, job, at, "written anew"));
      }
      healed.add(new Healed(Ownerless.ATTEMPT_UNPLANNED, entry.getKey().value()));
    }
    handBack.run(connection, lost, Reasons.NODE_LOST, now);
    rows.changes().insert(connection, planted);
    for (JobId id : cancelled) {
      participant.cancelled(connection, id, now);
    }
    return healed;
  }

  private Map<ExecutionId, Standing> ownerless(
      Connection connection, Collection<ExecutionId> suspects) throws SQLException {
    Set<String> held = new HashSet<>();
    rows.fired().lock(connection, suspects).forEach(row -> held.add(row.entry()));
    Map<ExecutionId, Standing> open = new LinkedHashMap<>();
    Map<ExecutionId, String> names = new LinkedHashMap<>();
    participant
        .standing(connection, suspects)
        .forEach(
            (id, standing) -> {
              if (!standing.state().isFinal() && !held.contains(id.value())) {
                open.put(id, standing);
                names.put(id, TriggerName.nameOf(id, standing.attempt() + 1));
              }
            });
    Set<String> planned = rows.triggers().namesAmong(connection, names.values());
    open.entrySet()
        .removeIf(
            entry ->
                entry.getValue().state() != ExecutionState.RUNNING
                    && planned.contains(names.get(entry.getKey())));
    return open;
  }

  private void restoreDetails(Connection connection, Map<JobId, StoredJob> jobs, Instant now)
      throws SQLException {
    List<JobRows.Detail> details = new ArrayList<>();
    for (StoredJob job : jobs.values()) {
      if (job.state() != JobState.CANCELLED) {
        details.add(replanning.plan(job, job.createdAt(), now, now).detail());
      }
    }
    rows.jobs().upsert(connection, details);
  }

  /** As if its FIRED row had just been found: of no node, so there is nothing to delete. */
  private static FiredRow asFired(ExecutionId id, Standing standing) {
    return new FiredRow(
        id.value(),
        "",
        id.scheduledAt(),
        TriggerName.ofJob(standing.jobId(), standing.queue()),
        standing.jobId(),
        false,
        null,
        true);
  }
}
