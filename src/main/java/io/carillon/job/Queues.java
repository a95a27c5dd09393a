package io.carillon.job;

import io.carillon.job.JobExceptions.UnknownQueue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Queues: read, set, paused and resumed. A pause is on disk when the call returns, and from then on
 * nothing of the queue is fired by any node, whatever is stored meanwhile. Thread-safe. All methods
 * throw {@link JobExceptions.StoreUnavailable} while the database is away.
 */
public interface Queues {
  /** All that have a row or something planned, by name; at most 1,000. */
  List<Standing> list(String namespace);

  /** A queue that has a row or something planned. */
  Optional<Standing> find(String namespace, String name);

  /**
   * Sets a queue's limits, and pauses or resumes it where that is asked for.
   *
   * @param paused null leaves it as it is
   * @param expectedVersion {@code If-Match}; then {@link JobExceptions.StaleVersion} if it is
   *     another
   */
  Put put(
      String namespace,
      String name,
      QueueSettings settings,
      @Nullable Boolean paused,
      OptionalLong expectedVersion);

  /** Pauses. Already paused: reason and until are replaced. A queue without a row gets one. */
  StoredQueue pause(
      String namespace, String name, @Nullable String reason, @Nullable Instant until);

  /**
   * Resumes; jobs that are paused themselves stay so. Not paused: nothing changes.
   *
   * @throws UnknownQueue if it has neither a row nor anything planned
   */
  StoredQueue resume(String namespace, String name);

  /**
   * How a queue stands.
   *
   * @param figures null in lists
   */
  record Standing(StoredQueue queue, @Nullable Figures figures) {}

  /**
   * What is in a queue: triggers of Quartz's, that is, planned runs, retries and runs by hand.
   *
   * @param planned those that wait for their time or for a node, at most {@link #MOST}
   * @param paused those that are held, at most {@link #MOST}
   * @param running executions
   * @param held those that are due and wait because a limit holds them, at most {@link #MOST}
   */
  record Figures(int planned, int paused, int running, int held) {
    /** Nobody counts further than this. */
    public static final int MOST = 10_000;
  }

  /** What a put did. */
  record Put(StoredQueue queue, boolean created) {}
}
