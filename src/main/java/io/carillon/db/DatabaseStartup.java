package io.carillon.db;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database, however long it takes it to come up: an attempt every half second, a log line
 * every ten. {@link #close} from another thread, or an interrupt, ends the wait.
 */
public final class DatabaseStartup implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseStartup.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

  private final Supplier<Database> opening;
  private final InstantSource clock;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param opening usually {@code () -> Database.open(config)}
   * @param clock for the log lines only
   */
  public DatabaseStartup(Supplier<Database> opening, InstantSource clock) {
    this.opening = opening;
    this.clock = clock;
  }

  /**
   * Blocks until the database is open.
   *
   * @throws DatabaseUnusableException at once, since waiting does not help
   * @throws CancellationException after {@link #close}
   */
  public Database await() throws InterruptedException {
    @Nullable Instant said = null;
    while (stopped.getCount() > 0) {
      try {
        return opening.get();
      } catch (DatabaseUnavailableException away) {
        Instant now = clock.instant();
        if (said == null || !now.isBefore(said.plus(SAY_AGAIN))) {
          log.warn("Waiting for the database: {}", away.getMessage());
          said = now;
        }
      }
      if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new CancellationException("stopped while waiting for the database");
  }

  /** Ends the wait; safe at any time, more than once. */
  @Override
  public void close() {
    stopped.countDown();
  }
}
