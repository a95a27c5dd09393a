package io.carillon.quartz.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named daemon thread that does something now and then, whatever becomes of the single time.
 * Thread-safe; closing is idempotent and waits for nothing.
 */
final class DutyThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DutyThread.class);

  private final String name;
  private final ScheduledExecutorService executor;

  DutyThread(String name) {
    this.name = name;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What is done. */
  @FunctionalInterface
  interface Duty {
    void run() throws SQLException;
  }

  /** Does it at once and then each time so long after the last. */
  void every(Duration interval, Duty duty) {
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            duty.run();
          } catch (SQLException e) {
            LOG.debug("{} cannot do its work now: {}", name, e.getMessage());
          } catch (RuntimeException | Error e) {
            LOG.error("{} failed and goes on", name, e);
          }
        },
        0,
        interval.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
