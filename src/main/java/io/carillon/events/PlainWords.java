package io.carillon.events;

import io.carillon.execution.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the words of job queues say of our events. Stateless. */
public final class PlainWords {
  /** All there are. */
  public static final List<String> ALL =
      List.of("waiting", "delayed", "active", "progress", "completed", "failed");

  private PlainWords() {}

  /** Null for what a job queue does not tell. */
  static @Nullable String of(EventKind kind) {
    return switch (kind) {
      case WAITING, DELAYED, ACTIVE, PROGRESS, COMPLETED, FAILED -> kind.word();
      case RETRYING -> EventKind.DELAYED.word();
      case CANCELLED -> EventKind.FAILED.word();
      default -> null;
    };
  }
}
