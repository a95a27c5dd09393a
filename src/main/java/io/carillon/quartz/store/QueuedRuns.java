package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.OpenRuns.Open;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Settled;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Overlap;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.FiredRows.FiredRow;
import io.carillon.quartz.store.TriggerRows.Single;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Executions of jobs that must not run beside themselves: which ones are not over, which wait for
 * them, as triggers in state QUEUED, and which go on or give way. Works on the caller's
 * transaction; the number of statements does not grow with the batch. Stateless but for the rows.
 */
final class QueuedRuns {
  private static final Comparator<Single> OLDEST_FIRST =
      Comparator.comparing(single -> single.name().name());

  private final Rows rows;

  QueuedRuns(Rows rows) {
    this.rows = rows;
  }

  /** As {@link io.carillon.execution.OpenRuns}. */
  Map<JobId, Open> open(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return Map.of();
    }
    Map<JobId, Set<ExecutionId>> begun = new HashMap<>();
    Map<JobId, Instant> latest = new HashMap<>();
    Map<JobId, Integer> queued = new HashMap<>();
    for (FiredRows.Running row : rows.fired().lockOfJobs(connection, jobs)) {
      begun.computeIfAbsent(row.job(), job -> new LinkedHashSet<>()).add(row.id());
      latest.merge(row.job(), row.firedAt(), QueuedRuns::later);
    }
    for (Single single : rows.triggers().ofExecutions(connection, jobs)) {
      JobId job = Objects.requireNonNull(single.job());
      TriggerName.Repeat repeat = single.name().repeat().orElse(null);
      if (repeat != null && repeat.attempt() == 1) {
        latest.merge(job, single.due(), QueuedRuns::later);
      }
      if (single.isQueued()) {
        queued.merge(job, 1, Integer::sum);
      } else if (repeat != null) {
        begun.computeIfAbsent(job, same -> new LinkedHashSet<>()).add(repeat.execution());
      }
    }
    Map<JobId, Open> open = new HashMap<>();
    for (JobId job : jobs) {
      List<ExecutionId> ids = List.copyOf(begun.getOrDefault(job, Set.of()));
      int waiting = queued.getOrDefault(job, 0);
      if (!ids.isEmpty() || waiting > 0) {
        open.put(job, new Open(ids, latest.get(job), waiting));
      }
    }
    return open;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Triggers for executions that wait; each in the group of the trigger that was due. */
  static List<TriggerRow> triggers(Settled settled, Map<Due, TriggerRow> byDue, Instant now) {
    List<TriggerRow> triggers = new ArrayList<>();
    settled
        .queued()
        .forEach(
            (id, due) -> {
              TriggerRow own = Objects.requireNonNull(byDue.get(due));
              triggers.add(queued(id, own.requireJob(), own.name().group(), own.priority(), now));
            });
    return triggers;
  }

  /** The trigger of an execution that waits for others of its job. */
  static TriggerRow queued(ExecutionId id, JobId job, String group, int priority, Instant now) {
    return TriggerRow.once(
        new TriggerName(TriggerName.nameOf(id, 1), group),
        job,
        TriggerRow.QUEUED,
        "waits for other runs of its job",
        priority,
        now.toEpochMilli());
  }

  /** Takes away what runs or waits of executions whose place another takes. */
  void giveWay(
      Connection connection,
      Map<ExecutionId, JobId> overtaken,
      StoreParticipant participant,
      Instant now)
      throws SQLException {
    if (overtaken.isEmpty()) {
      return;
    }
    List<TriggerName> retries =
        rows.triggers().ofExecutions(connection, new LinkedHashSet<>(overtaken.values())).stream()
            .map(Single::name)
            .filter(
                name -> name.repeat().filter(r -> overtaken.containsKey(r.execution())).isPresent())
            .toList();
    rows.changes().delete(connection, retries);
    List<FiredRow> running = rows.fired().lock(connection, overtaken.keySet());
    rows.fired().delete(connection, running);
    participant.overtaken(
        connection,
        overtaken.keySet(),
        running.stream()
            .collect(Collectors.toMap(row -> new ExecutionId(row.entry()), FiredRow::node)),
        now);
    participant.queues().lanes().forget(connection, overtaken.keySet());
  }

  /** Whether executions of a job may wait for the end of another. */
  static boolean mayWait(Job job) {
    return job.policies().overlap() != Overlap.ALLOW;
  }

  /**
   * Of each job of which nothing is begun any more, lets the oldest execution go on that waits.
   *
   * @param jobs of which executions have ended in this transaction
   */
  void release(
      Connection connection, Collection<JobId> jobs, StoreParticipant participant, Instant now)
      throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    Map<JobId, List<Single>> waiting = new LinkedHashMap<>();
    Set<JobId> begun = new LinkedHashSet<>();
    for (Single single : rows.triggers().ofExecutions(connection, jobs)) {
      JobId job = Objects.requireNonNull(single.job());
      if (single.isQueued()) {
        waiting.computeIfAbsent(job, same -> new ArrayList<>()).add(single);
      } else {
        begun.add(job);
      }
    }
    waiting.keySet().removeAll(begun);
    if (waiting.isEmpty()) {
      return;
    }
    waiting.keySet().removeAll(rows.fired().runningAmong(connection, waiting.keySet()));
    if (waiting.isEmpty()) {
      return;
    }
    Map<JobId, StoredJob> stored = participant.lockJobs(connection, waiting.keySet());
    List<TriggerName> going = new ArrayList<>();
    List<TriggerName> paused = new ArrayList<>();
    waiting.forEach(
        (job, singles) -> {
          TriggerName oldest = singles.stream().min(OLDEST_FIRST).orElseThrow().name();
          StoredJob of = stored.get(job);
          (of != null && of.state() == JobState.PAUSED ? paused : going).add(oldest);
        });
    rows.changes().release(connection, going, TriggerRow.WAITING, now);
    rows.changes().release(connection, paused, TriggerRow.PAUSED, now);
  }
}
