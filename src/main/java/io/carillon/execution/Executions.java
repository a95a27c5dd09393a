package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads history. Thread-safe; every call is at most two indexed statements. */
public interface Executions {
  Optional<Execution> find(String namespace, ExecutionId id);

  /**
   * All attempts, oldest first; also of an execution that had only one. Empty if there is no such
   * execution.
   */
  List<Attempt> attempts(String namespace, ExecutionId id);

  /** What is told of one while it runs; nothing of one that is not there. */
  default Live live(String namespace, ExecutionId id) {
    return Live.NOTHING;
  }

  /** Newest scheduled instant first. */
  Page<Execution> list(Filter filter, @Nullable String cursor, int limit);

  /**
   * What a list shows; null and empty mean any.
   *
   * @param from scheduled at or after
   * @param to scheduled at or before
   * @param labels of the job
   * @param reason one of {@link Reasons}
   */
  record Filter(
      String namespace,
      @Nullable JobId job,
      Set<ExecutionState> states,
      @Nullable String queue,
      @Nullable Instant from,
      @Nullable Instant to,
      Map<String, String> labels,
      @Nullable String reason) {

    /** Of whatever reason. */
    public Filter(
        String namespace,
        @Nullable JobId job,
        Set<ExecutionState> states,
        @Nullable String queue,
        @Nullable Instant from,
        @Nullable Instant to,
        Map<String, String> labels) {
      this(namespace, job, states, queue, from, to, labels, null);
    }

    public static Filter ofJob(JobId job) {
      return new Filter(job.namespace(), job, Set.of(), null, null, null, Map.of());
    }
  }
}
