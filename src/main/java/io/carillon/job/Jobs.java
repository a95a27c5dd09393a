package io.carillon.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
  record Page<T>(List<T> items, @Nullable String nextCursor) {
    /**
     * As many as a page holds.
     *
     * @param found one more than that, if there are so many
     * @param cursor of the last one on a page that another follows
     */
    public static <T> Page<T> of(List<T> found, int limit, Function<T, String> cursor) {
      if (found.size() <= limit) {
        return new Page<>(List.copyOf(found), null);
      }
      List<T> shown = List.copyOf(found.subList(0, limit));
      return new Page<>(shown, cursor.apply(shown.get(limit - 1)));
    }
  }

  /** A cursor that this server did not make. */
  final class BadCursor extends RuntimeException {
    public BadCursor(String cursor) {
      super("not a cursor: " + cursor);
    }
  }
}
