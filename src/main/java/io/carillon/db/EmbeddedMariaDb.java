package io.carillon.db;

import io.carillon.db.DataDirectory.Access;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real MariaDB server as a child process, for a first run without anything installed. It listens
 * on 127.0.0.1 only, knows one user with a random password, and writes every commit to disk before
 * it answers. The child outlives a killed JVM; the next start on the same directory takes it over.
 *
 * <p>Safe for threads; {@link #close} is idempotent.
 */
public final class EmbeddedMariaDb implements AutoCloseable {
  static final String URL_KEY = "org.quartz.dataSource.carillon.URL";
  static final String CURE =
      "Set " + URL_KEY + " (ORG_QUARTZ_DATASOURCE_CARILLON_URL) to a MySQL or MariaDB server.";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedMariaDb.class);
  private static final Duration CRASH_RECOVERY = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final Duration CLEAN_STOP = Duration.ofSeconds(20);
  private static final Duration HARD_STOP = Duration.ofSeconds(5);
  private static final int PORTS_TO_TRY = 3;

  private final DataDirectory directory;
  private final MariaDbProcess process;
  private final Access access;
  private final ProcessHandle server;
  private boolean closed; // guarded by this

  private EmbeddedMariaDb(
      DataDirectory directory, MariaDbProcess process, Access access, ProcessHandle server) {
    this.directory = directory;
    this.process = process;
    this.access = access;
    this.server = server;
  }

  /**
   * Starts the server, or takes over the one that a killed JVM left on this directory. Returns when
   * it answers.
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
  static EmbeddedMariaDb start(
      Path folder, int port, @org.jspecify.annotations.Nullable Path software) {
    DataDirectory directory = DataDirectory.lock(folder);
    try {
      return start(directory, port, software == null ? directory.software() : software);
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

  private static EmbeddedMariaDb start(DataDirectory directory, int port, Path softwareFolder)
      throws IOException, InterruptedException {
    MariaDbProcess process = new MariaDbProcess(directory);
    Access access = directory.access();
    Optional<ProcessHandle> left = process.find();
    if (left.isPresent()) {
      ProcessHandle server = left.get();
      boolean portFits = port == 0 || port == access.port();
      if (portFits && answers(directory, access)) {
        log.info("Took over the embedded database (process {})", server.pid());
        return new EmbeddedMariaDb(directory, process, access, server);
      }
      log.info("Stopping the embedded database that was left behind ({})", server.pid());
      stop(process, server, access);
    }
    MariaDbSoftware software = MariaDbSoftware.unpack(softwareFolder);
    if (!Files.exists(directory.database())) {
      process.install(software, access);
    }
    return launch(directory, process, software, port);
  }

  private static EmbeddedMariaDb launch(
      DataDirectory directory, MariaDbProcess process, MariaDbSoftware software, int port)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Access known = directory.access();
      Access access = new Access(choosePort(port, known.port()), known.password());
      if (!access.equals(known)) {
        directory.remember(access);
      }
      ProcessHandle server = process.launch(software, access.port());
      try {
        if (ready(directory, process, server, access)) {
          return new EmbeddedMariaDb(directory, process, access, server);
        }
      } catch (InterruptedException interrupted) {
        server.destroy();
        throw interrupted;
      }
      stop(process, server, access);
      // Somebody else may have taken the port in between.
      if (port != 0 || attempt == PORTS_TO_TRY || isFree(access.port())) {
        throw new IOException(process.lastError());
      }
    }
  }

  private static boolean ready(
      DataDirectory directory, MariaDbProcess process, ProcessHandle server, Access access)
      throws InterruptedException {
    for (long round = 0; round < CRASH_RECOVERY.dividedBy(POLL); round++) {
      if (answers(directory, access)) {
        return true;
      }
      if (process.ended(server, POLL)) {
        return false;
      }
    }
    return false;
  }

  private static int choosePort(int wanted, int last) throws IOException {
    if (wanted != 0) {
      if (!isFree(wanted)) {
        throw new IOException("port " + wanted + " (carillon.data.port) is in use");
      }
      return wanted;
    }
    if (last != 0 && isFree(last)) {
      return last;
    }
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return any.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** True if our server, and not another one, answers on the port. */
  private static boolean answers(DataDirectory directory, Access access) {
    if (access.port() == 0) {
      return false;
    }
    try (Connection connection = connect(access);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT @@datadir")) {
      return rows.next() && Path.of(rows.getString(1)).equals(directory.database());
    } catch (SQLException notYet) {
      log.trace("No answer yet", notYet);
      return false;
    }
  }

  private static Connection connect(Access access) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", Access.USER);
    properties.setProperty("password", access.password());
    properties.setProperty("connectTimeout", "1000");
    properties.setProperty("socketTimeout", "2000");
    return DriverManager.getConnection(url(access), properties);
  }

  private static String url(Access access) {
    return "jdbc:mysql://127.0.0.1:%d/carillon?sslMode=DISABLED".formatted(access.port());
  }

  /** Where to connect to. */
  public String url() {
    return url(access);
  }

  public String user() {
    return Access.USER;
  }

  /** A secret. */
  public String password() {
    return access.password();
  }

  /** The server's process. */
  public long pid() {
    return server.pid();
  }

  /** Stops the server cleanly, within 20 s, and releases the folder. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stop(process, server, access);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      server.destroy();
    } finally {
      directory.close();
    }
  }

  private static void stop(MariaDbProcess process, ProcessHandle server, Access access)
      throws InterruptedException {
    if (process.ended(server, POLL)) {
      return;
    }
    try (Connection connection = connect(access);
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException noAnswer) {
      log.debug("No answer to SHUTDOWN, ending the process", noAnswer);
      server.destroy();
    }
    if (process.ended(server, CLEAN_STOP)) {
      return;
    }
    log.warn("The embedded database does not stop; killing it (its data stays intact)");
    server.destroyForcibly();
    if (!process.ended(server, HARD_STOP)) {
      log.error("The embedded database (process {}) could not be ended", server.pid());
    }
  }
}
