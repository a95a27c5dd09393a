package io.carillon.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads definitions. Thread-safe; every call is at most two indexed statements. */
public interface Jobs {
  Optional<StoredJob> find(JobId id);

  /** Newest first. */
  Page<StoredJob> list(Filter filter, @Nullable String cursor, int limit);

  /** The ids of the jobs that a list shows, in no order, at most so many. One statement. */
  List<JobId> select(Filter filter, int most);

  /** What a list shows; null and empty mean any. */
  record Filter(
      String namespace,
      @Nullable JobState state,
      @Nullable String queue,
      @Nullable String name,
      @Nullable String scheduler,
      Map<String, String> labels) {}

  /**
   * Part of a list.
   *
   * @param nextCursor opaque, URL-safe; null at the end
   */
  record Page<T>(List<T> items, @Nullable String nextCursor) {}

  /** A cursor that this server did not make. */
  final class BadCursor extends RuntimeException {
    public BadCursor(String cursor) {
      super("not a cursor: " + cursor);
    }
  }
}
