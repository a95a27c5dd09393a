package io.carillon.db;

import io.carillon.harness.NodeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database server of one test's own, which it may kill or restart: a second after its end it is
 * started again on the same port. For one test thread; closing stops it and deletes its files.
 */
public final class CrashableDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CrashableDatabase.class);

  private final Path folder;
  private final EmbeddedMariaDb server;

  private CrashableDatabase(Path folder, EmbeddedMariaDb server) {
    this.folder = folder;
    this.server = server;
  }

  public static CrashableDatabase start() {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "crash-");
      return new CrashableDatabase(
          folder, EmbeddedMariaDb.start(folder, NodeBuilder.freePort(), TestDatabase.SOFTWARE));
    } catch (IOException fault) {
      throw new UncheckedIOException("Making a folder for a database", fault);
    }
  }

  public String url() {
    return server.url();
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  /** Ends the server as a crash of its process would. */
  public void kill9() {
    ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Ends the server in order. */
  public void shutDown() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), user(), password());
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  /** Whether it takes connections. */
  public boolean answers() {
    try (Connection connection = DriverManager.getConnection(url(), user(), password())) {
      return connection.isValid(1);
    } catch (SQLException away) {
      LOG.debug("not yet: {}", away.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException fault) {
      throw new UncheckedIOException("Deleting " + folder, fault);
    }
  }
}
