package io.carillon.quartz;

import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownQueue;
import io.carillon.job.QueueSettings;
import io.carillon.job.Queues;
import io.carillon.job.StoredJob.Pause;
import io.carillon.job.StoredQueue;
import io.carillon.quartz.store.StoreEngine;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues in the store's transactions. Thread-safe. */
final class QuartzQueues implements Queues {
  private static final Logger LOG = LoggerFactory.getLogger(QuartzQueues.class);
  private static final int MOST = 1_000;

  /** So many chunks are let go while the caller waits; the duty goes on with the rest. */
  private static final int AT_ONCE = 4;

  private static final int BY_DUTY = 100;

  private final StoreEngine store;
  private final JobTransactions transactions;
  private final InstantSource clock;

  QuartzQueues(StoreEngine store, InstantSource clock) {
    this.store = store;
    this.transactions = new JobTransactions(store);
    this.clock = clock;
  }

  @Override
  public List<Standing> list(String namespace) {
    return reading(
        () -> {
          Map<String, Standing> all = new TreeMap<>();
          for (String name : store.queues().withTriggers(MOST)) {
            all.put(name, new Standing(StoredQueue.unsaid(namespace, name, now()), null));
          }
          for (StoredQueue queue : store.queues().read((rows, c) -> rows.all(c, namespace, MOST))) {
            all.put(queue.name(), new Standing(queue, null));
          }
          return all.values().stream().limit(MOST).toList();
        });
  }

  @Override
  public Optional<Standing> find(String namespace, String name) {
    return reading(
        () -> {
          Optional<StoredQueue> row =
              store.queues().read((rows, c) -> rows.find(c, namespace, name));
          Figures figures = store.queues().figures(namespace, name);
          boolean isUsed =
              figures.planned() + figures.paused() + figures.running() + figures.held() > 0;
          if (row.isEmpty() && !isUsed) {
            return Optional.empty();
          }
          return Optional.of(
              new Standing(
                  row.orElseGet(() -> StoredQueue.unsaid(namespace, name, now())), figures));
        });
  }

  @Override
  public Put put(
      String namespace,
      String name,
      QueueSettings settings,
      @Nullable Boolean paused,
      OptionalLong expectedVersion) {
    Put put =
        transactions.run(
            null,
            session -> {
              StoredQueue old = find(session, namespace, name);
              if (expectedVersion.isPresent() && expectedVersion.getAsLong() != old.version()) {
                throw new StaleVersion("queue", name, expectedVersion.getAsLong(), old.version());
              }
              StoredQueue next = old.with(settings, paused, now());
              session.update(old, next);
              return new Put(next, old.version() == 0);
            });
    if (put.queue().releasing()) {
      release(put.queue(), AT_ONCE);
    }
    return put;
  }

  @Override
  public StoredQueue pause(
      String namespace, String name, @Nullable String reason, @Nullable Instant until) {
    return change(namespace, name, queue -> queue.paused(new Pause(reason, until), now()));
  }

  @Override
  public StoredQueue resume(String namespace, String name) {
    if (find(namespace, name).isEmpty()) {
      throw new UnknownQueue(name);
    }
    StoredQueue resumed =
        change(namespace, name, queue -> queue.paused() ? queue.resumed(now()) : queue);
    if (resumed.releasing()) {
      release(resumed, AT_ONCE);
    }
    return resumed;
  }

  /** A queue that the change leaves as it is gets no row. */
  private StoredQueue change(String namespace, String name, UnaryOperator<StoredQueue> change) {
    return transactions.run(
        null,
        session -> {
          StoredQueue old = find(session, namespace, name);
          StoredQueue next = change.apply(old);
          if (next != old) {
            session.update(old, next);
          }
          return next;
        });
  }

  private StoredQueue find(StoreSession session, String namespace, String name)
      throws SQLException {
    return session
        .ours((ours, c) -> ours.queues().find(c, namespace, name))
        .orElseGet(() -> StoredQueue.unsaid(namespace, name, now()));
  }

  /**
   * Ends the pauses whose time has come, and lets go what is left of earlier ones. To be called
   * every second or so, on any node.
   */
  void runOnce() {
    Instant now = now();
    for (StoredQueue queue :
        reading(() -> store.queues().read((rows, c) -> rows.waiting(c, now)))) {
      if (queue.releasing()) {
        release(queue, BY_DUTY);
      } else {
        change(
            queue.namespace(),
            queue.name(),
            found -> isOver(found, now) ? found.resumed(now) : found);
        LOG.info("the pause of queue {} has ended by itself", queue.name());
        release(queue, BY_DUTY);
      }
    }
  }

  private static boolean isOver(StoredQueue queue, Instant now) {
    Pause pause = queue.pause();
    return pause != null && pause.until() != null && !pause.until().isAfter(now);
  }

  /** What cannot be let go now is let go at the duty's next turn. */
  private void release(StoredQueue queue, int mostChunks) {
    try {
      store.queues().release(queue.namespace(), queue.name(), mostChunks);
    } catch (SQLException e) {
      LOG.warn("triggers of queue {} are let go later: {}", queue.name(), e.getMessage());
    }
    store.wake();
  }

  /** What is read of the database. */
  private interface Read<T> {
    T make() throws SQLException;
  }

  private static <T> T reading(Read<T> read) {
    try {
      return read.make();
    } catch (SQLException e) {
      throw new StoreUnavailable("cannot read queues", e);
    }
  }

  /** Whole milliseconds: what the tables hold. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
