package io.carillon.api;

import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Executions;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.StoredJob;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of a {@link FakeScheduler}: the reading ports of the engine and of history. */
final class FakeQueries implements Jobs, Executions {
  private final FakeScheduler engine;

  FakeQueries(FakeScheduler engine) {
    this.engine = engine;
  }

  @Override
  public Optional<StoredJob> find(JobId id) {
    return Optional.ofNullable(engine.checkedJobs().get(id));
  }

  @Override
  public List<JobId> select(Jobs.Filter filter, int most) {
    return found(filter).stream().map(StoredJob::id).limit(most).toList();
  }

  @Override
  public Page<StoredJob> list(Jobs.Filter filter, @Nullable String cursor, int limit) {
    return page(found(filter), cursor, limit);
  }

  private List<StoredJob> found(Jobs.Filter filter) {
    return engine.checkedJobs().values().stream()
        .filter(job -> filter.state() == null || job.state() == filter.state())
        .filter(job -> filter.queue() == null || job.job().queue().equals(filter.queue()))
        .filter(job -> filter.name() == null || filter.name().equals(job.job().name()))
        .filter(
            job ->
                filter.scheduler() == null
                    || filter.scheduler().equals(job.job().origin().facts().get("scheduler")))
        .filter(job -> job.job().labels().entrySet().containsAll(filter.labels().entrySet()))
        .sorted(Comparator.comparing((StoredJob job) -> job.id().value()).reversed())
        .toList();
  }

  @Override
  public Optional<Execution> find(String namespace, ExecutionId id) {
    return Optional.ofNullable(engine.checkedExecutions().get(id));
  }

  @Override
  public List<Attempt> attempts(String namespace, ExecutionId id) {
    Execution execution = engine.checkedExecutions().get(id);
    if (execution == null || execution.startedAt() == null) {
      return List.of();
    }
    return List.of(
        new Attempt(
            1,
            "node-1",
            execution.startedAt(),
            execution.finishedAt(),
            execution.httpStatus(),
            execution.reason(),
            execution.error(),
            true));
  }

  @Override
  public Page<Execution> list(Executions.Filter filter, @Nullable String cursor, int limit) {
    List<Execution> found =
        engine.checkedExecutions().values().stream()
            .filter(e -> filter.job() == null || e.jobId().equals(filter.job()))
            .filter(e -> filter.states().isEmpty() || filter.states().contains(e.state()))
            .filter(e -> filter.queue() == null || e.queue().equals(filter.queue()))
            .filter(e -> filter.from() == null || !e.scheduledAt().isBefore(filter.from()))
            .filter(e -> filter.to() == null || !e.scheduledAt().isAfter(filter.to()))
            .sorted(Comparator.comparing(Execution::scheduledAt).reversed())
            .toList();
    return page(found, cursor, limit);
  }

  private static <T> Page<T> page(List<T> all, @Nullable String cursor, int limit) {
    int from;
    try {
      from = cursor == null ? 0 : Integer.parseInt(cursor);
    } catch (NumberFormatException e) {
      throw new BadCursor(cursor);
    }
    int to = Math.min(all.size(), from + limit);
    return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
  }
}
