package io.carillon.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts a batch into parts of one statement each: at most 500 rows, and at most 4 Mi characters of
 * text (16 MiB is the smallest default of {@code max_allowed_packet}, and escaping can double
 * text).
 */
final class Chunks {
  static final int MOST_ROWS = 500;
  private static final int MOST_CHARACTERS = 4 * 1024 * 1024;

  private Chunks() {}

  static <T> List<List<T>> of(Collection<T> batch) {
    return of(batch, item -> 0);
  }

  /**
   * @param characters length of the long texts in an item
   */
  static <T> List<List<T>> of(Collection<T> batch, ToIntFunction<T> characters) {
    List<List<T>> chunks = new ArrayList<>();
    List<T> chunk = new ArrayList<>();
    long sum = 0;
    for (T item : batch) {
      int more = characters.applyAsInt(item);
      if (!chunk.isEmpty() && (chunk.size() == MOST_ROWS || sum + more > MOST_CHARACTERS)) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        sum = 0;
      }
      chunk.add(item);
      sum += more;
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }
}
