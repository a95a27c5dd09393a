package io.carillon.history;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Lanes;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.OpenRuns.Open;
import io.carillon.execution.Reasons;
import io.carillon.execution.Settlement;
import io.carillon.execution.Skipped;
import io.carillon.execution.Stopped;
import io.carillon.execution.StoreParticipant.Due;
import io.carillon.execution.StoreParticipant.Fired;
import io.carillon.execution.StoreParticipant.Move;
import io.carillon.execution.StoreParticipant.Settled;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.job.Jitter;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides for each due attempt what becomes of it. One batch, one thread; writes nothing. */
final class FiringBatch {
  private final String node;
  private final Instant now;
  private final DueJobs.Batch known;
  private final Map<ExecutionId, DueRow> rows;
  private final Settlements settlements;
  private final Map<JobId, Open> open;
  private final Lanes.Judge lanes;

  private final Map<Due, Firing> firings = new LinkedHashMap<>();
  private final Map<ExecutionId, Firing> planned = new LinkedHashMap<>();
  private final Map<ExecutionId, Firing> repeats = new LinkedHashMap<>();
  private final Map<ExecutionId, Firing> queued = new LinkedHashMap<>();
  private final Map<ExecutionId, Due> queuedBy = new LinkedHashMap<>();
  private final Map<Due, Stopped> held = new LinkedHashMap<>();
  private final Map<ExecutionId, HeldRows.Waiting> waiting = new LinkedHashMap<>();
  private final Map<ExecutionId, JobId> overtaken = new LinkedHashMap<>();
  private final Map<Due, Move> moves = new LinkedHashMap<>();
  private final List<SkipRows.Progress> skips = new ArrayList<>();
  private final Set<JobId> exhausted = new LinkedHashSet<>();
  private final Set<JobId> unknown = new LinkedHashSet<>();
  private final Set<Due> left = new LinkedHashSet<>();
  private final Map<JobId, Long> runs = new HashMap<>();
  private final Map<JobId, RunCounts.More> counted = new LinkedHashMap<>();

  FiringBatch(
      String node,
      Instant now,
      DueJobs.Batch known,
      Map<ExecutionId, DueRow> rows,
      Settlements settlements,
      Map<JobId, Open> open,
      Lanes.Judge lanes) {
    this.node = node;
    this.now = now;
    this.known = known;
    this.rows = rows;
    this.settlements = settlements;
    this.open = open;
    this.lanes = lanes;
  }

  FiringBatch decide(List<Due> due) {
    for (Due one : due) {
      if (one.id() == null) {
        decide(one);
      }
    }
    for (Due one : due) {
      if (one.id() != null) {
        decide(one);
      }
    }
    return this;
  }

  private void decide(Due due) {
    DueJob job = known.jobs().get(due.jobId());
    if (known.tooMuch().contains(due.jobId())) {
      left.add(due);
    } else if (job == null) {
      unknown.add(due.jobId());
    } else if (job.job().state() != JobState.CANCELLED) {
      if (due.id() == null) {
        addPlanned(due, job);
      } else {
        addRepeat(due, due.id(), job.job());
      }
    }
  }

  private void addPlanned(Due due, DueJob known) {
    StoredJob job = known.job();
    Settlement settlement = settlements.of(due);
    Instant run = settlement == null ? due.scheduledAt() : settlement.run();
    Integer most = job.job().schedule().limits().maxRuns();
    long had = runs.getOrDefault(due.jobId(), job.runs());
    if (run != null && (most == null || had < most)) {
      ExecutionId id = ExecutionId.planned(job.id(), job.generation(), run);
      if (!rows.containsKey(id)
          && !planned.containsKey(id)
          && !queued.containsKey(id)
          && !waiting.containsKey(id)) {
        Open others = open.getOrDefault(job.id(), Open.NOTHING);
        boolean caughtUp = settlement != null && settlement.caughtUp();
        Way way = Way.of(due, job, run, caughtUp, others);
        Verdict verdict = way.goes() ? lanes.of(id, job.job(), 1) : Verdict.GO;
        if (verdict instanceof Verdict.Leave) {
          left.add(due);
          return;
        }
        if (way == Way.SKIP) {
          settlement =
              (settlement == null ? settlements.settle(due, known) : settlement)
                  .without(run, Reasons.OVERLAP, job.job(), now);
        } else {
          begin(due, id, job, way, verdict);
          had++;
          runs.put(due.jobId(), had);
          counted.merge(due.jobId(), new RunCounts.More(1, run), RunCounts.More::and);
        }
      }
    }
    if (most != null && had >= most) {
      exhausted.add(due.jobId());
    }
    if (settlement != null) {
      settled(due, known, settlement);
    }
  }

  private void settled(Due due, DueJob known, Settlement settlement) {
    JobId id = due.jobId();
    Instant next = settlement.next();
    moves.put(
        due,
        new Move(
            next,
            next == null
                ? null
                : Jitter.apply(id, next, known.job().job().schedule().limits().jitter())));
    if (!settlement.skipped().isEmpty() || settlement.passed() != null) {
      skips.add(new SkipRows.Progress(known, settlement.skipped(), settlement.passed()));
    }
  }

  private void begin(Due due, ExecutionId id, StoredJob job, Way way, Verdict verdict) {
    Firing firing = firing(id, job, 1, job.generation(), 0, Map.of());
    if (way == Way.QUEUE) {
      queued.put(id, firing);
      queuedBy.put(id, due);
      return;
    }
    if (way == Way.OVERTAKE) {
      open.getOrDefault(job.id(), Open.NOTHING)
          .begun()
          .forEach(other -> overtaken.put(other, job.id()));
    }
    if (verdict instanceof Verdict.Wait wait) {
      waiting.put(id, new HeldRows.Waiting(firing, wait.reason(), true));
      held.put(due, new Stopped(id, 1, job.job(), wait));
      return;
    }
    firing = from(firing, verdict);
    planned.put(id, firing);
    firings.put(due, firing);
  }

  private static Firing from(Firing firing, Verdict verdict) {
    return verdict instanceof Verdict.Go go && go.notBefore() != null
        ? firing.from(go.notBefore())
        : firing;
  }

  /** A repeat that comes this far is fired whether its job is paused or not: a run by hand may. */
  private void addRepeat(Due due, ExecutionId id, StoredJob job) {
    DueRow row = rows.get(id);
    if (row == null
        || !row.awaits(due.attempt())
        || repeats.containsKey(id)
        || waiting.containsKey(id)
        || overtaken.containsKey(id)) {
      return;
    }
    Map<String, Object> overrides = RunRequest.read(row.request());
    if (overrides == null) {
      unknown.add(due.jobId());
      return;
    }
    Firing firing = firing(id, job, due.attempt(), row.generation(), row.uncounted(), overrides);
    Verdict verdict = lanes.of(id, job.job(), due.attempt());
    if (verdict instanceof Verdict.Leave) {
      left.add(due);
    } else if (verdict instanceof Verdict.Wait wait) {
      waiting.put(id, new HeldRows.Waiting(firing, wait.reason(), false));
      held.put(due, new Stopped(id, due.attempt(), job.job(), wait));
    } else {
      firing = from(firing, verdict);
      repeats.put(id, firing);
      firings.put(due, firing);
    }
  }

  private Firing firing(
      ExecutionId id,
      StoredJob job,
      int attempt,
      int generation,
      int uncounted,
      Map<String, Object> overrides) {
    return new Firing(
        id,
        job.job(),
        generation,
        id.scheduledAt(),
        attempt,
        attempt - uncounted,
        uncounted > 0,
        node,
        now,
        overrides);
  }

  Collection<Firing> planned() {
    return planned.values();
  }

  Collection<Firing> queued() {
    return queued.values();
  }

  /** Executions that a limit holds. */
  Collection<HeldRows.Waiting> waiting() {
    return waiting.values();
  }

  /** Executions that get a row. */
  Set<ExecutionId> written() {
    Set<ExecutionId> ids = new LinkedHashSet<>(planned.keySet());
    ids.addAll(queued.keySet());
    waiting.forEach(
        (id, one) -> {
          if (one.isNew()) {
            ids.add(id);
          }
        });
    return ids;
  }

  Map<ExecutionId, Firing> repeats() {
    return repeats;
  }

  List<SkipRows.Progress> skips() {
    return skips;
  }

  Map<JobId, RunCounts.More> counted() {
    return counted;
  }

  /**
   * @param expired of the batch, and not decided on here
   */
  Fired result(Map<ExecutionId, JobId> expired) {
    Map<JobId, List<Skipped>> skipped = new LinkedHashMap<>();
    for (SkipRows.Progress progress : skips) {
      skipped
          .computeIfAbsent(progress.job().job().id(), any -> new ArrayList<>())
          .addAll(progress.skipped());
    }
    expired.forEach(
        (id, job) ->
            skipped
                .computeIfAbsent(job, any -> new ArrayList<>())
                .add(Skipped.one(id.scheduledAt(), Reasons.EXPIRED)));
    return new Fired(
        firings,
        exhausted,
        unknown,
        left,
        new Settled(moves, queuedBy, overtaken, skipped, held, expired));
  }
}
