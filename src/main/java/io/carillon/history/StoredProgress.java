package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Event;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Progress;
import io.carillon.execution.ProgressReports;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.history.ProgressRows.Attempt;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last report of each execution in memory and writes it within 200 ms, on one thread of
 * its own ({@code carillon-progress}): however fast a target reports, an execution costs one read
 * now and then, and five times a second a row of what is written in sets. Nothing is sent while
 * nobody reports. Bounded; thread-safe. Closing writes what is left, and is idempotent.
 */
public final class StoredProgress implements ProgressReports, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoredProgress.class);
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int MOST = 10_000;

  /** So long it is believed how an execution stands, unless a write says otherwise. */
  private static final Duration BELIEVED = Duration.ofSeconds(2);

  private final Supplier<DataSource> database;
  private final Supplier<EventSink> events;
  private final Map<ExecutionId, Reported> reported = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "carillon-progress");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param database asked for each time; may throw while there is none
   * @param events is told what was reported
   */
  public StoredProgress(Supplier<DataSource> database, Supplier<EventSink> events) {
    this.database = database;
    this.events = events;
    thread.scheduleWithFixedDelay(
        this::flush, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How an execution stood when it was last looked at. */
  private record Stand(JobId job, String queue, ExecutionState state, int attempt) {}

  /** One execution. Guarded by itself. */
  private static final class Reported {
    private final ExecutionId id;
    private final long readNanos = System.nanoTime();
    private final Stand stand;
    private @Nullable Progress unwritten;

    private Reported(ExecutionId id, Stand stand) {
      this.id = id;
      this.stand = stand;
    }

    private boolean isOld() {
      return System.nanoTime() - readNanos > BELIEVED.toNanos();
    }

    private synchronized void keep(Progress progress) {
      unwritten = progress;
    }

    private synchronized @Nullable Progress take() {
      Progress taken = unwritten;
      unwritten = null;
      return taken;
    }

    private synchronized void giveBack(Progress progress) {
      unwritten = unwritten == null ? progress : unwritten;
    }
  }

  @Override
  public void report(ExecutionId id, int attempt, Progress progress) {
    Reported known = reported.get(id);
    if (known == null || known.isOld()) {
      known = look(id, known);
    }
    Stand stand = known.stand;
    if (stand.state() != ExecutionState.RUNNING || stand.attempt() != attempt) {
      throw new NotRunning(
          stand.state(),
          stand.attempt() == attempt
              ? "this attempt is over"
              : "this is the token of attempt "
                  + attempt
                  + ", and "
                  + stand.attempt()
                  + " is the last");
    }
    known.keep(progress);
    Reported current = reported.putIfAbsent(id, known);
    if (current != null && current != known) {
      current.keep(progress);
    }
  }

  private Reported look(ExecutionId id, @Nullable Reported old) {
    if (old == null && reported.size() >= MOST) {
      throw new StoreBusy(null);
    }
    Stand stand =
        Reading.read(
                database.get(),
                "execution " + id,
                connection ->
                    Sql.queryOne(
                        connection,
                        """
                        SELECT namespace, job_id, queue, state, attempt
                        FROM execution
                        WHERE id = ? AND scheduled_at = ?
                        """,
                        row ->
                            new Stand(
                                new JobId(row.getString(1), row.getString(2)),
                                row.getString(3),
                                ExecutionState.valueOf(row.getString(4)),
                                row.getInt(5)),
                        id.value(),
                        id.scheduledAt()))
            .orElseThrow(() -> new UnknownRun(id));
    Reported fresh = new Reported(id, stand);
    Progress unwritten = old == null ? null : old.take();
    if (unwritten != null) {
      fresh.keep(unwritten);
    }
    reported.put(id, fresh);
    return fresh;
  }

  private void flush() {
    List<Write> writes = new ArrayList<>();
    for (Reported one : reported.values()) {
      Progress progress = one.take();
      if (progress != null) {
        writes.add(new Write(one, progress));
      } else if (one.isOld()) {
        reported.remove(one.id, one);
      }
    }
    writes.sort(Comparator.comparing(write -> write.of().id.value()));
    for (List<Write> chunk : Chunks.of(writes)) {
      try {
        write(chunk);
      } catch (SQLException | RuntimeException e) {
        LOG.debug("{} reports of progress wait for the database: {}", chunk.size(), e.toString());
        chunk.forEach(write -> write.of().giveBack(write.progress()));
      }
    }
  }

  private record Write(Reported of, Progress progress) {
    Attempt attempt() {
      return new Attempt(of.id, of.stand.attempt());
    }
  }

  private void write(List<Write> chunk) throws SQLException {
    try (Connection connection = database.get().getConnection()) {
      connection.setAutoCommit(false);
      Set<Attempt> running;
      try {
        running =
            ProgressRows.write(
                connection,
                chunk.stream().collect(Collectors.toMap(Write::attempt, Write::progress)));
        tell(connection, chunk, running);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
      chunk.stream()
          .filter(write -> !running.contains(write.attempt()))
          .forEach(write -> reported.remove(write.of().id, write.of()));
    }
  }

  private void tell(Connection connection, List<Write> chunk, Set<Attempt> running)
      throws SQLException {
    EventSink sink = events.get();
    if (sink.isWanted()) {
      sink.raise(
          connection,
          chunk.stream()
              .filter(write -> running.contains(write.attempt()))
              .map(StoredProgress::event)
              .toList());
    }
  }

  private static Event event(Write write) {
    Stand stand = write.of().stand;
    return Event.progress(
        stand.job(),
        stand.queue(),
        write.of().id,
        stand.attempt(),
        write.progress().percent(),
        write.progress().note());
  }

  @Override
  public void close() {
    if (!thread.isShutdown()) {
      thread.execute(this::flush);
      thread.shutdown();
      try {
        thread.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
