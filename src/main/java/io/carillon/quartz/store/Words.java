package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for the record of a completion that did not come from a worker: by attempt and who
 * speaks, one at a time. A target's word does not wait for a deadline's: it counts before that.
 * Bounded by who asks. Thread-safe.
 */
final class Words {
  private final Map<String, CompletableFuture<Optional<Completion>>> waiting =
      new ConcurrentHashMap<>();

  /** Empty at once if another word of the same kind on the same attempt is under way. */
  Optional<CompletableFuture<Optional<Completion>>> expect(Completion completion) {
    CompletableFuture<Optional<Completion>> told = new CompletableFuture<>();
    return waiting.putIfAbsent(name(completion), told) == null
        ? Optional.of(told)
        : Optional.empty();
  }

  /** A group was written. */
  void tell(Collection<Completion> group, Complete.Result result) {
    if (waiting.isEmpty()) {
      return;
    }
    for (Completion own : result.own()) {
      if (own.via() != Completion.Via.WORKER) {
        tell(own, Optional.of(own));
      }
    }
    for (Completion completion : group) {
      if (completion.via() != Completion.Via.WORKER) {
        tell(completion, Optional.empty());
      }
    }
  }

  private void tell(Completion completion, Optional<Completion> record) {
    CompletableFuture<Optional<Completion>> told = waiting.remove(name(completion));
    if (told != null) {
      told.complete(record);
    }
  }

  /** It will not be written. */
  void fail(Completion completion, Throwable cause) {
    CompletableFuture<Optional<Completion>> told = waiting.remove(name(completion));
    if (told != null) {
      told.completeExceptionally(cause);
    }
  }

  private static String name(Completion completion) {
    return InFlight.nameOf(completion.firing()) + ' ' + completion.via();
  }
}
