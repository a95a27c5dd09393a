package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executions that ended as FAILED for good, until somebody redrives or purges them, or their time
 * is over. They are kept apart from history, with their last answer, so that they may be kept
 * longer. Thread-safe; every call is a few indexed statements.
 */
public interface DeadLetters {
  Optional<Letter> find(String namespace, ExecutionId id);

  /** Newest scheduled instant first. */
  Page<Letter> list(Filter filter, @Nullable String cursor, int limit);

  /** Ids of those that a filter lets through and whose job can still run, oldest first. */
  List<ExecutionId> redrivable(Filter filter, int most);

  /** Ids of those that a filter lets through, oldest first. */
  List<ExecutionId> select(Filter filter, int most);

  /**
   * Takes letters away for good; their executions stay in history. Any number, in chunks.
   *
   * @return how many there were
   */
  int purge(String namespace, Collection<ExecutionId> ids);

  /**
   * A dead letter.
   *
   * @param execution as it ended
   * @param diedAt when
   */
  record Letter(Execution execution, Instant diedAt) {}

  /**
   * What a list shows; null and empty mean any.
   *
   * @param reason why it failed
   * @param from scheduled at or after
   * @param to scheduled at or before
   * @param labels of the job
   */
  record Filter(
      String namespace,
      @Nullable JobId job,
      @Nullable String queue,
      @Nullable String reason,
      @Nullable Instant from,
      @Nullable Instant to,
      Map<String, String> labels) {}
}
