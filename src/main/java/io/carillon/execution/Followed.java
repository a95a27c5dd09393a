package io.carillon.execution;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What followed an execution at one of its places, or why nothing did.
 *
 * @param place {@code callback/SUCCEEDED}, {@code onSuccess/0}
 * @param jobId the job that was made, or is run; null if nothing followed
 * @param executionId the run of a job that was there; null of a job that was made
 * @param code stable; null if something followed
 * @param detail why nothing followed, for people
 */
public record Followed(
    String place,
    @Nullable String jobId,
    @Nullable String executionId,
    @Nullable String code,
    @Nullable String detail,
    Instant at) {

  /** Reads what followed; one indexed statement. Thread-safe. */
  @FunctionalInterface
  public interface Reader {
    /** Of a server where nothing follows anything. */
    Reader NONE = (namespace, id) -> List.of();

    /** In the order of places. */
    List<Followed> of(String namespace, ExecutionId id);
  }
}
