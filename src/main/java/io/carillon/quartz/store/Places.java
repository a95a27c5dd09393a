package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists for {@code IN}, padded to a power of two by repeating the last value: the driver keeps the
 * parsed form of a statement by its text, so there must be few texts. Stateless.
 */
final class Places {
  private Places() {}

  /** {@code ?, ?, …} for so many values and the padding. */
  static String of(int count) {
    return Sql.places(padded(count));
  }

  /** Adds the list's values and the padding. */
  static void add(List<@Nullable Object> values, List<?> list) {
    values.addAll(list);
    for (int missing = padded(list.size()) - list.size(); missing > 0; missing--) {
      values.add(list.get(list.size() - 1));
    }
  }

  private static int padded(int count) {
    return count <= 1 ? count : Integer.highestOneBit(count - 1) << 1;
  }
}
