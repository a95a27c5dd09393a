package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.job.Target;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What this node has fired and not yet completed in the database; its bound is the bound on repeats
 * after a {@code kill -9}. Two attempts of one execution may be in flight at once: one that this
 * node made under an earlier name and that still runs, and the one that counts. Thread-safe.
 */
final class InFlight {
  /** What the bodies of all calls in flight may take together, at most: an eighth of the heap. */
  private static final long MOST_CHARACTERS = Runtime.getRuntime().maxMemory() / 8;

  /** A body that is no text yet. */
  private static final long MANY = 64L * 1024;

  private final int capacity;
  private final HostCalls hosts;
  private final AtomicLong characters = new AtomicLong();
  private final Map<String, Firing> firings = new ConcurrentHashMap<>();
  private final Map<String, Ending> endings = new ConcurrentHashMap<>();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private volatile Set<ExecutionId> coming = Set.of();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition roomy = lock.newCondition();
  // Guarded by lock.
  private int awaited;

  /** One host may have half of it. */
  InFlight(int capacity) {
    this(capacity, Math.max(1, capacity / 2));
  }

  /**
   * @param perHost most calls towards one host
   */
  InFlight(int capacity, int perHost) {
    this.capacity = capacity;
    this.hosts = new HostCalls(perHost);
  }

  /** The calls that have not ended, by host. */
  HostCalls hosts() {
    return hosts;
  }

  /** What Quartz calls the fire-instance id: names one attempt of one execution. */
  static String nameOf(Firing firing) {
    return firing.id() + "/" + firing.attempt();
  }

  /** How many may be in flight. */
  int capacity() {
    return capacity;
  }

  /** How many more may be fired now. */
  int room() {
    return characters.get() > MOST_CHARACTERS ? 0 : Math.max(0, capacity - firings.size());
  }

  int size() {
    return firings.size();
  }

  /**
   * What a transaction is about to fire: between its commit and {@link #add} others may want an
   * execution broken off that is this node's already, or find its row without a worker. Nothing is,
   * once that is over. For the thread that fires.
   */
  void expect(Collection<Shot> shots) {
    coming = shots.stream().map(shot -> shot.firing().id()).collect(Collectors.toUnmodifiableSet());
  }

  void add(Firing firing) {
    if (firings.put(nameOf(firing), firing) == null) {
      characters.addAndGet(charactersOf(firing));
      hosts.begun(firing);
    }
  }

  private static long charactersOf(Firing firing) {
    Object other = firing.overrides().get("body");
    if (other != null) {
      return other instanceof String text ? text.length() : MANY;
    }
    return firing.job().target() instanceof Target.Http http && http.body() != null
        ? http.body().text().length()
        : 0;
  }

  Optional<Firing> find(String name) {
    return Optional.ofNullable(firings.get(name));
  }

  /** Keeps what Quartz wants done when a firing is completed, as long as that is in flight. */
  void note(String name, Ending ending) {
    Firing firing = firings.get(name);
    if (firing != null) {
      endings.put(name, ending);
      if (firings.get(name) != firing) {
        endings.remove(name);
      }
    }
  }

  Optional<Ending> ending(Firing firing) {
    return Optional.ofNullable(endings.get(nameOf(firing)));
  }

  /** Whether an execution is in flight, under whatever name, or is about to be. */
  boolean holds(ExecutionId id) {
    return coming.contains(id)
        || firings.values().stream().anyMatch(firing -> firing.id().equals(id));
  }

  /** A worker begins an attempt: from now on its call may have been sent. */
  Optional<Firing> begin(String name) {
    Optional<Firing> firing = find(name);
    firing.ifPresent(found -> begun.add(name));
    return firing;
  }

  /** Whether any attempt of an execution was begun here and may have been sent. */
  boolean mayBeSent(String executionId) {
    return begun.stream().anyMatch(name -> name.startsWith(executionId));
  }

  /** The executions in flight under an instance name, and those about to be under any. */
  Set<String> idsUnder(String node) {
    // In this order: what is expected is added before it is expected no more.
    Set<String> ids = coming.stream().map(ExecutionId::value).collect(Collectors.toSet());
    for (Firing firing : firings.values()) {
      if (firing.node().equals(node)) {
        ids.add(firing.id().value());
      }
    }
    return ids;
  }

  /** Forgets a firing, if it is this very one. */
  void remove(Firing firing) {
    if (firings.remove(nameOf(firing), firing)) {
      endings.remove(nameOf(firing));
      hosts.ended(firing);
      begun.remove(nameOf(firing));
      characters.addAndGet(-charactersOf(firing));
      lock.lock();
      try {
        changed.signalAll();
        if (awaited > 0 && room() >= awaited) {
          roomy.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until there is room for so many, at most so long. For one thread. */
  void awaitRoom(int wanted, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      awaited = wanted;
      while (room() < wanted && left > 0) {
        left = roomy.awaitNanos(left);
      }
    } finally {
      awaited = 0;
      lock.unlock();
    }
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
