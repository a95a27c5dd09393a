package io.carillon;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small recurring work on one thread ({@code carillon-duties}). A duty that fails is tried again at
 * its next turn.
 */
final class Duties implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "carillon-duties");
            made.setDaemon(true);
            return made;
          });

  void every(Duration interval, String name, Runnable duty) {
    thread.scheduleWithFixedDelay(
        () -> guarded(name, duty), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void guarded(String name, Runnable duty) {
    try {
      duty.run();
    } catch (RuntimeException e) {
      LOG.warn("{} failed and is tried again at its next turn: {}", name, e.getMessage());
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
