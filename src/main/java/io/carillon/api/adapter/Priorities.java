package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.job.Priority;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Priorities as the source documents say them. Stateless. */
final class Priorities {
  private Priorities() {}

  /** {@code priority}: a name, or 0–9 where 7 and more is high and 2 and less is low. */
  static void read(Translation in) {
    JsonNode given = in.body.any("priority");
    in.from("/priority", "/priority");
    if (given == null) {
      return;
    }
    if (given.isNumber()) {
      Integer number = in.body.integer("priority", 0, 9);
      if (number != null) {
        put(in, Priority.ofNumber(number));
      }
    } else {
      in.canonical.set("priority", given);
    }
  }

  /**
   * As queues of this family have it: a name, or a number where 1 is the highest and 0 is none.
   *
   * @param pointer where it was given
   */
  static void readQueueStyle(Translation in, @Nullable JsonNode given, String pointer) {
    in.from("/priority", pointer);
    if (given == null || given.isNull()) {
      return;
    }
    if (!given.isNumber()) {
      in.canonical.set("priority", given);
    } else if (!given.isIntegralNumber() || !given.canConvertToInt() || given.intValue() < 0) {
      in.body.faults().add(pointer, "number_range", "a priority is a whole number, 0 or more");
    } else {
      put(in, ofQueueNumber(given.intValue()));
    }
  }

  private static Priority ofQueueNumber(int number) {
    if (number == 0) {
      return Priority.NORMAL;
    }
    if (number <= 3) {
      return Priority.HIGH;
    }
    return number <= 7 ? Priority.NORMAL : Priority.LOW;
  }

  private static void put(Translation in, Priority priority) {
    in.canonical.put("priority", priority.name().toLowerCase(Locale.ROOT));
  }
}
