package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node has fired and not yet completed in the database; its bound is the bound on repeats
 * after a {@code kill -9}. Thread-safe.
 */
final class InFlight {
  private final int capacity;
  private final Map<ExecutionId, Firing> firings = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  InFlight(int capacity) {
    this.capacity = capacity;
  }

  /** How many more may be fired now. */
  int room() {
    return Math.max(0, capacity - firings.size());
  }

  int size() {
    return firings.size();
  }

  void add(Firing firing) {
    firings.put(firing.id(), firing);
  }

  Optional<Firing> find(ExecutionId id) {
    return Optional.ofNullable(firings.get(id));
  }

  boolean contains(ExecutionId id) {
    return firings.containsKey(id);
  }

  /** Forgets a firing, if it is this very one and not a later attempt of the same execution. */
  void remove(Firing firing) {
    if (firings.remove(firing.id(), firing)) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  List<Firing> all() {
    return List.copyOf(firings.values());
  }

  /** Waits until nothing is in flight, at most so long. @return whether it is empty */
  boolean awaitEmpty(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!firings.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return firings.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
