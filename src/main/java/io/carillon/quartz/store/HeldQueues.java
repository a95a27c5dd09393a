package io.carillon.quartz.store;

import io.carillon.execution.QueuePauses;
import io.carillon.execution.QueueRows;
import io.carillon.job.JobId;
import io.carillon.job.Queues.Figures;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds what comes due in a paused queue, and lets it go again. A pause changes the queue's row and
 * nothing else, however many triggers there are: each is set to PAUSED when it comes due, by the
 * transaction that would have fired it, and is out of the way from then on. After a resume they are
 * let go in chunks. Thread-safe.
 */
public final class HeldQueues {
  /** While a queue is paused, a batch looks at so many due triggers, so that it gets past them. */
  private static final int REACH = 500;

  private static final int CHUNK = 500;
  private static final int OVER = -1;

  /** For so long after its end a pause explains why an instant was not run. */
  private static final Duration REMEMBERED = Duration.ofDays(7);

  private final Transactions transactions;
  private final QueueTriggers triggers;
  private final TriggerChanges changes;
  private final QueueRows queues;

  HeldQueues(Transactions transactions, Tables tables, QueueRows queues) {
    this.transactions = transactions;
    this.triggers = new QueueTriggers(tables);
    this.changes = new TriggerChanges(tables);
    this.queues = queues;
  }

  /** The pauses as the transaction under the lock row sees them. One statement. */
  QueuePauses pauses(Connection connection, Instant now) throws SQLException {
    return queues.pauses(connection, now.minus(REMEMBERED));
  }

  /** How many due triggers a batch has to look at that is to fire so many. */
  static int reach(QueuePauses pauses, int most) {
    return pauses.lasting().isEmpty() ? most : Math.max(most, REACH);
  }

  /**
   * Of due triggers that the caller has locked, those that may be fired; the others are held. One
   * statement, if there are any others.
   */
  List<TriggerRow> open(Connection connection, QueuePauses pauses, List<TriggerRow> due)
      throws SQLException {
    Set<String> groups =
        pauses.lasting().stream()
            .map(pause -> TriggerName.group(pause.namespace(), pause.queue()))
            .collect(Collectors.toSet());
    if (groups.isEmpty()) {
      return due;
    }
    Map<Boolean, List<TriggerRow>> held =
        due.stream().collect(Collectors.partitioningBy(row -> groups.contains(row.name().group())));
    changes.move(
        connection,
        held.getOrDefault(true, List.of()).stream().map(TriggerRow::name).toList(),
        TriggerRow.WAITING,
        TriggerRow.PAUSED);
    return held.getOrDefault(false, List.of());
  }

  /** Notes a queue in Quartz's own list of paused groups, or takes it off. */
  void list(Connection connection, StoredQueue queue) throws SQLException {
    triggers.list(connection, group(queue), queue.paused());
  }

  /**
   * Lets the triggers of a queue go that was resumed, but for those of paused jobs, and notes in
   * its row when that is done. Each chunk is a transaction of its own.
   *
   * @param mostChunks then it is left for another time
   * @return whether all are gone, or the queue is paused again
   */
  public boolean release(String namespace, String name, int mostChunks) throws SQLException {
    String group = TriggerName.group(namespace, name);
    QueueTriggers.Place place = QueueTriggers.Place.START;
    int chunks = 0;
    while (chunks < mostChunks) {
      QueueTriggers.Place from = place;
      List<QueueTriggers.Place> next =
          transactions.read(c -> triggers.paused(c, group, from, CHUNK));
      boolean last = next.size() < CHUNK;
      List<TriggerName> names =
          next.stream().map(found -> new TriggerName(found.name(), group)).toList();
      int released = transactions.lockedForClient(c -> release(c, namespace, name, names, last));
      if (last || released == OVER) {
        return true;
      }
      // What stays, as its job is paused, is passed over without end.
      chunks += released == 0 ? 0 : 1;
      place = next.get(next.size() - 1);
    }
    return false;
  }

  /**
   * @return how many were let go, or that the queue is not to be let go any more
   */
  private int release(
      Connection connection, String namespace, String name, List<TriggerName> names, boolean last)
      throws SQLException {
    StoredQueue queue = queues.find(connection, namespace, name).orElse(null);
    if (queue == null || !queue.releasing()) {
      return OVER;
    }
    int released = 0;
    if (!names.isEmpty()) {
      Map<TriggerName, JobId> jobs = triggers.jobs(connection, names);
      Set<JobId> paused = queues.pausedAmong(connection, new HashSet<>(jobs.values()));
      released =
          changes.move(
              connection, without(names, jobs, paused), TriggerRow.PAUSED, TriggerRow.WAITING);
    }
    if (last) {
      queues.write(connection, queue.released());
    }
    return released;
  }

  private static List<TriggerName> without(
      Collection<TriggerName> names, Map<TriggerName, JobId> jobs, Set<JobId> paused) {
    return names.stream()
        .filter(
            name -> {
              JobId job = jobs.get(name);
              return job == null || !paused.contains(job);
            })
        .toList();
  }

  /** What is in a queue. Three statements, each bounded. */
  public Figures figures(String namespace, String name) throws SQLException {
    String group = TriggerName.group(namespace, name);
    return transactions.read(
        c -> {
          Map<String, Integer> states = triggers.states(c, group, Figures.MOST);
          int all = states.values().stream().mapToInt(Integer::intValue).sum();
          int paused =
              states.getOrDefault(TriggerRow.PAUSED, 0)
                  + states.getOrDefault(TriggerRow.PAUSED_BLOCKED, 0);
          int held = states.getOrDefault(TriggerRow.HELD, 0);
          return new Figures(all - paused - held, paused, triggers.running(c, group), held);
        });
  }

  /** The names of the queues of the default namespace that have triggers, at most so many. */
  public List<String> withTriggers(int most) throws SQLException {
    return transactions.read(c -> triggers.groups(c, most));
  }

  /** Reads the rows of queues. */
  public <T> T read(Reading<T> reading) throws SQLException {
    return transactions.read(c -> reading.from(queues, c));
  }

  /** What is read. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(QueueRows queues, Connection connection) throws SQLException;
  }

  private static String group(StoredQueue queue) {
    return TriggerName.group(queue.namespace(), queue.name());
  }
}
