package io.carillon.quartz;

import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobScheduler.Created;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings creates that arrive at the same time into one transaction. A caller that finds nobody at
 * work stores its own job at once, in its own thread; callers that come meanwhile wait, and the
 * first of them then stores the jobs of all. Each caller does at most one group's work and returns
 * when its own job is on disk. Bounded: what comes when too many wait is refused. Thread-safe.
 */
final class GroupedCreation {
  private static final int LARGEST_GROUP = 500;

  /** Of the definitions in a group; a larger one goes alone. */
  private static final int MOST_CHARACTERS = 4 * 1024 * 1024;

  private static final int MOST_WAITING = 2_000;

  /** In the queue; together with what a group may take, less than clients wait for an answer. */
  private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(7);

  private final Function<List<FreshJob>, List<Created>> store;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean busy;

  /**
   * @param store stores several jobs in one transaction and answers in order; throws what the
   *     callers shall get
   */
  GroupedCreation(Function<List<FreshJob>, List<Created>> store) {
    this.store = store;
  }

  /**
   * A caller with its job. {@code turn} is completed when it shall do a group's work, or has its
   * result.
   */
  private record Waiting(
      FreshJob job, CompletableFuture<Void> turn, CompletableFuture<Created> result) {
    static Waiting with(FreshJob job) {
      return new Waiting(job, new CompletableFuture<>(), new CompletableFuture<>());
    }

    void finish(@Nullable Created created, @Nullable RuntimeException failure) {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else {
        result.complete(created);
      }
      turn.complete(null);
    }
  }

  /**
   * Stores one job; returns when it is on disk.
   *
   * @throws StoreBusy if too many wait, or this one has waited too long for a group to carry it
   * @throws StoreUnavailable if its group takes too long: it may be stored or not
   */
  Created create(FreshJob job) {
    Waiting mine = enqueue(job);
    if (!isDone(mine.turn()) && leave(mine)) {
      throw new StoreBusy(null);
    }
    await(mine.turn(), job);
    if (!mine.result().isDone()) {
      storeGroup();
    }
    return await(mine.result(), job);
  }

  /** How many wait for their turn or for a group that carries them. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private Waiting enqueue(FreshJob job) {
    Waiting mine = Waiting.with(job);
    lock.lock();
    try {
      if (waiting.size() >= MOST_WAITING) {
        throw new StoreBusy(null);
      }
      waiting.add(mine);
      if (!busy) {
        busy = true;
        mine.turn().complete(null);
      }
    } finally {
      lock.unlock();
    }
    return mine;
  }

  /** Stores what waits, the caller's own job first, and passes the work on. */
  private void storeGroup() {
    List<Waiting> group = new ArrayList<>();
    lock.lock();
    try {
      long characters = waiting.isEmpty() ? 0 : waiting.peek().job().length();
      while (!waiting.isEmpty()
          && group.size() < LARGEST_GROUP
          && (group.isEmpty() || characters <= MOST_CHARACTERS)) {
        group.add(waiting.remove());
        characters += waiting.isEmpty() ? 0 : waiting.peek().job().length();
      }
    } finally {
      lock.unlock();
    }
    try {
      store(group);
    } finally {
      passOn();
    }
  }

  private void store(List<Waiting> group) {
    try {
      List<Created> created = store.apply(group.stream().map(Waiting::job).toList());
      for (int i = 0; i < group.size(); i++) {
        group.get(i).finish(created.get(i), null);
      }
    } catch (StoreUnavailable e) {
      group.forEach(one -> one.finish(null, e.unknown() == null ? e : unknown(one, e)));
    } catch (RuntimeException e) {
      if (group.size() > 1) {
        // One of them is the reason: the others must not suffer.
        int half = group.size() / 2;
        store(group.subList(0, half));
        store(group.subList(half, group.size()));
      } else {
        group.get(0).finish(null, e);
      }
    } catch (Error e) {
      group.forEach(
          one -> one.finish(null, new StoreUnavailable("the server failed to store the job", e)));
      throw e;
    }
  }

  /** Each caller is told of its own job. */
  private static StoreUnavailable unknown(Waiting one, StoreUnavailable e) {
    return new StoreUnavailable(String.valueOf(e.getMessage()), one.job().id(), e);
  }

  /**
   * A caller has lost patience: its job is not stored if it still waits, and its turn, if it just
   * came, is another's.
   *
   * @return whether it still waited
   */
  private boolean leave(Waiting mine) {
    lock.lock();
    try {
      boolean waited = waiting.remove(mine);
      if (waited && mine.turn().isDone()) {
        passOn();
      }
      return waited;
    } finally {
      lock.unlock();
    }
  }

  private void passOn() {
    lock.lock();
    try {
      Waiting next = waiting.peek();
      if (next == null) {
        busy = false;
      } else {
        next.turn().complete(null);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isDone(CompletableFuture<Void> turn) {
    try {
      turn.get(QUEUE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static <T> T await(CompletableFuture<T> future, FreshJob job) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    } catch (TimeoutException e) {
      throw new StoreUnavailable("storing takes too long", job.id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while storing", job.id(), e);
    }
  }
}
