package io.carillon.db;

import io.carillon.db.DataDirectory.Access;
import io.carillon.db.MariaDbLauncher.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real MariaDB server as a child process, for a first run without anything installed. It listens
 * on 127.0.0.1 only, knows one user with a random password, and writes every commit to disk before
 * it answers. The child outlives a killed JVM, and the next start on the same directory takes it
 * over; if the child dies, it is started again on the same port.
 *
 * <p>Safe for threads; {@link #close} is idempotent.
 */
public final class EmbeddedMariaDb implements AutoCloseable {
  static final String URL_KEY = "org.quartz.dataSource.carillon.URL";
  static final String CURE =
      "Set " + URL_KEY + " (ORG_QUARTZ_DATASOURCE_CARILLON_URL) to a MySQL or MariaDB server.";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedMariaDb.class);
  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final Duration END_OF_WATCH = Duration.ofSeconds(10);

  private final DataDirectory directory;
  private final MariaDbLauncher launcher;
  private final Thread watcher;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Running running; // written by the watcher only

  private EmbeddedMariaDb(DataDirectory directory, MariaDbLauncher launcher, Running running) {
    this.directory = directory;
    this.launcher = launcher;
    this.running = running;
    this.watcher = new Thread(this::watch, "carillon-embedded-database");
    this.watcher.setDaemon(true);
  }

  /**
   * Starts the server, or takes over the one that a killed JVM left on this directory. Returns when
   * it answers: after some seconds the first time, in a fraction of one later.
   *
   * @param folder made if it is not there
   * @param port 0 keeps the last one, or takes a free one
   * @throws DatabaseUnusableException if another process uses the folder, there is no server for
   *     this platform, or it does not start
   */
  public static EmbeddedMariaDb start(Path folder, int port) {
    return start(folder, port, null);
  }

  /** The same with another place for the unpacked software; null keeps it in the folder. */
  static EmbeddedMariaDb start(Path folder, int port, @Nullable Path softwareFolder) {
    DataDirectory directory = DataDirectory.lock(folder);
    try {
      MariaDbLauncher launcher =
          new MariaDbLauncher(
              directory, softwareFolder == null ? directory.software() : softwareFolder);
      EmbeddedMariaDb started = new EmbeddedMariaDb(directory, launcher, launcher.start(port));
      started.watcher.start();
      return started;
    } catch (IOException failed) {
      directory.close();
      throw new DatabaseUnusableException(
          "The embedded database in %s does not start: %s. %s"
              .formatted(folder, failed.getMessage(), CURE),
          failed);
    } catch (InterruptedException interrupted) {
      directory.close();
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("The start was interrupted", interrupted);
    } catch (RuntimeException failed) {
      directory.close();
      throw failed;
    }
  }

  private void watch() {
    try {
      while (closing.getCount() > 0) {
        if (MariaDbProcess.ended(running.handle(), WATCH, WATCH) && closing.getCount() > 0) {
          restart();
        }
      }
    } catch (InterruptedException closing) {
      log.trace("No longer watching the embedded database", closing);
    }
  }

  private void restart() throws InterruptedException {
    log.error("The embedded database ended ({}); starting it again", launcher.lastError());
    try {
      running = launcher.start(running.access().port());
      log.info("The embedded database is back");
    } catch (IOException | RuntimeException failed) {
      log.error("The embedded database does not start; trying again", failed);
      boolean ending = closing.await(WATCH.toMillis(), TimeUnit.MILLISECONDS);
      log.trace("Waited; ending: {}", ending);
    }
  }

  /** Where to connect to; stays the same over restarts of the child. */
  public String url() {
    return running.url();
  }

  public String user() {
    return Access.USER;
  }

  /** A secret. */
  public String password() {
    return running.access().password();
  }

  /** The server's process at the moment. */
  public long pid() {
    return running.handle().pid();
  }

  /** Notes a node of the process that holds the folder. @return those of processes that held it */
  Set<String> succeed(String nodeId) {
    try {
      return directory.succeed(nodeId);
    } catch (IOException failed) {
      log.warn("Earlier processes cannot be told from living ones: {}", failed.toString());
      return Set.of();
    }
  }

  /** Stops the server cleanly, within 25 s, and releases the folder. */
  @Override
  public synchronized void close() {
    if (closing.getCount() == 0) {
      return;
    }
    closing.countDown();
    try {
      watcher.interrupt();
      watcher.join(END_OF_WATCH.toMillis());
      launcher.stop(running);
    } catch (InterruptedException interrupted) {
      running.handle().destroy();
      Thread.currentThread().interrupt();
    } finally {
      directory.close();
    }
  }
}
