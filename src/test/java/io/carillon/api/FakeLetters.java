package io.carillon.api;

import io.carillon.execution.DeadLetters;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Redrives;
import io.carillon.execution.SampleExecution;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dead letters over a map, beside a {@link FakeScheduler}. */
final class FakeLetters implements DeadLetters, Redrives {
  final Map<ExecutionId, Letter> letters = new LinkedHashMap<>();
  Filter lastFilter = new Filter("", null, null, null, null, null, Map.of());
  Duration lastPace = Duration.ZERO;
  private final FakeScheduler engine;

  FakeLetters(FakeScheduler engine) {
    this.engine = engine;
  }

  /** A letter of a job, with its execution in history. */
  ExecutionId add(String job, Instant at, String reason) {
    ExecutionId id = ExecutionId.planned(JobId.of(job), 1, at);
    Execution execution =
        SampleExecution.of(JobId.of(job), at)
            .attempt(5)
            .ended(ExecutionState.FAILED, at.plusMillis(5))
            .failed(reason, 503, "answered 503")
            .deadLettered()
            .build();
    engine.executions.put(id, execution);
    letters.put(id, new Letter(execution, at.plusMillis(5)));
    return id;
  }

  @Override
  public Optional<Letter> find(String namespace, ExecutionId id) {
    return Optional.ofNullable(letters.get(id));
  }

  @Override
  public Page<Letter> list(Filter filter, @Nullable String cursor, int limit) {
    lastFilter = filter;
    List<Letter> found =
        letters.values().stream()
            .sorted(Comparator.comparing((Letter one) -> one.execution().id().value()).reversed())
            .filter(one -> filter.reason() == null || filter.reason().equals(reason(one)))
            .limit(limit)
            .toList();
    return new Page<>(found, null);
  }

  private static @Nullable String reason(Letter letter) {
    return letter.execution().reason();
  }

  @Override
  public List<ExecutionId> redrivable(Filter filter, int most) {
    return select(filter, most).stream().filter(this::isRedrivable).toList();
  }

  @Override
  public List<ExecutionId> select(Filter filter, int most) {
    lastFilter = filter;
    return letters.values().stream()
        .filter(one -> filter.reason() == null || filter.reason().equals(reason(one)))
        .map(one -> one.execution().id())
        .limit(most)
        .toList();
  }

  private boolean isRedrivable(ExecutionId id) {
    StoredJob job = engine.stored.get(letters.get(id).execution().jobId());
    return job != null && job.state() != JobState.CANCELLED;
  }

  @Override
  public int purge(String namespace, Collection<ExecutionId> ids) {
    int before = letters.size();
    letters.keySet().removeAll(ids);
    return before - letters.size();
  }

  @Override
  public Redriven redrive(String namespace, List<ExecutionId> ids, Duration pace) {
    lastPace = pace;
    Map<ExecutionId, Instant> planned = new LinkedHashMap<>();
    Map<ExecutionId, Refusal> refused = new LinkedHashMap<>();
    for (ExecutionId id : ids) {
      if (!letters.containsKey(id)) {
        refused.put(id, Refusal.NOT_FOUND);
      } else if (!isRedrivable(id)) {
        refused.put(id, Refusal.JOB_GONE);
      } else {
        letters.remove(id);
        planned.put(id, ApiRig.NOW.plus(pace.multipliedBy(planned.size())));
      }
    }
    return new Redriven(planned, refused, 0);
  }
}
