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
 * Brings the server of one data directory up, whatever state it was left in, and down again. The
 * caller holds the directory's lock and uses this from one thread at a time.
 */
final class MariaDbLauncher {
  private static final Logger log = LoggerFactory.getLogger(MariaDbLauncher.class);
  private static final Duration CRASH_RECOVERY = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final Duration CLEAN_STOP = Duration.ofSeconds(20);
  private static final Duration HARD_STOP = Duration.ofSeconds(5);
  private static final int PORTS_TO_TRY = 3;
  private static final String LOOPBACK = "127.0.0.1";

  private final DataDirectory directory;
  private final Path softwareFolder;
  private final MariaDbProcess process;

  MariaDbLauncher(DataDirectory directory, Path softwareFolder) {
    this.directory = directory;
    this.softwareFolder = softwareFolder.toAbsolutePath().normalize();
    this.process = new MariaDbProcess(directory);
  }

  /** A server that answers, or did. */
  record Running(ProcessHandle handle, Access access) {
    String url() {
      return MariaDbLauncher.url(access);
    }
  }

  /** Takes over a server that was left behind, or starts one, installing it the first time. */
  Running start(int port) throws IOException, InterruptedException {
    Access access = directory.access();
    Optional<ProcessHandle> left = process.find();
    if (left.isPresent()) {
      Running found = new Running(left.get(), access);
      boolean portFits = port == 0 || port == access.port();
      if (portFits && answers(access)) {
        log.info("Took over the embedded database (process {})", found.handle().pid());
        return found;
      }
      log.info("Stopping the embedded database left behind ({})", found.handle().pid());
      stop(found);
    }
    MariaDbSoftware software = MariaDbSoftware.unpack(softwareFolder);
    if (!Files.exists(directory.database())) {
      process.install(software, access);
    }
    return launch(software, port);
  }

  private Running launch(MariaDbSoftware software, int port)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Access known = directory.access();
      Access access = new Access(choosePort(port, known.port()), known.password());
      if (!access.equals(known)) {
        directory.remember(access);
      }
      Running started = new Running(process.launch(software, access.port()), access);
      if (ready(started)) {
        return started;
      }
      stop(started);
      // Somebody else may have taken the port in between.
      if (port != 0 || attempt == PORTS_TO_TRY || isFree(access.port())) {
        throw new IOException(process.lastError());
      }
    }
  }

  private boolean ready(Running started) throws InterruptedException {
    try {
      for (long round = 0; round < CRASH_RECOVERY.dividedBy(POLL); round++) {
        if (answers(started.access())) {
          return true;
        }
        if (MariaDbProcess.ended(started.handle(), POLL, POLL)) {
          return false;
        }
      }
      return false;
    } catch (InterruptedException interrupted) {
      started.handle().destroy();
      throw interrupted;
    }
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
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return any.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** True if the server of this directory, and not another one, answers on the port. */
  private boolean answers(Access access) {
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
    return "jdbc:mysql://%s:%d/carillon?sslMode=DISABLED".formatted(LOOPBACK, access.port());
  }

  /** Asks it to stop, then insists; 25 s at the most. */
  void stop(Running running) throws InterruptedException {
    ProcessHandle handle = running.handle();
    if (!handle.isAlive() || MariaDbProcess.ended(handle, POLL, POLL)) {
      return;
    }
    try (Connection connection = connect(running.access());
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException noAnswer) {
      log.debug("No answer to SHUTDOWN, ending the process", noAnswer);
      handle.destroy();
    }
    if (MariaDbProcess.ended(handle, CLEAN_STOP, POLL)) {
      return;
    }
    log.warn("The embedded database does not stop; killing it (no committed row is lost)");
    handle.destroyForcibly();
    if (!MariaDbProcess.ended(handle, HARD_STOP, POLL)) {
      log.error("The embedded database (process {}) could not be ended", handle.pid());
    }
  }

  /** Why it ended, as far as its log says. */
  String lastError() {
    return process.lastError();
  }
}
