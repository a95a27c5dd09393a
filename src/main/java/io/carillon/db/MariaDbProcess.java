package io.carillon.db;

import io.carillon.db.DataDirectory.Access;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The {@code mariadbd} processes of one data directory: installing the tables, launching the server
 * and finding one that an earlier JVM left behind.
 */
final class MariaDbProcess {
  private static final Duration INSTALLATION = Duration.ofMinutes(2);
  private static final Duration HARD_STOP = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final long LOG_LIMIT = 1 << 20;
  private static final List<String> SET_SID = List.of("/usr/bin/setsid", "/bin/setsid");

  private final DataDirectory directory;
  private volatile long logBegin; // where the log of the process started last begins

  MariaDbProcess(DataDirectory directory) {
    this.directory = directory;
  }

  /**
   * Makes the system tables and the only user, in one go or not at all. The server has no root
   * account afterwards.
   */
  void install(MariaDbSoftware software, Access access) throws IOException, InterruptedException {
    Path unfinished = directory.unfinishedDatabase();
    endInstallation(unfinished);
    DataDirectory.deleteUnfinished(unfinished);
    DataDirectory.createPrivately(unfinished);
    List<String> command = command(software, unfinished);
    command.addAll(
        List.of(
            "--bootstrap",
            "--silent-startup",
            "--log-warnings=0",
            "--enforce-storage-engine=",
            "--max_allowed_packet=8M",
            "--net_buffer_length=16K"));
    markLog();
    Process process =
        builder(software, command).redirectInput(ProcessBuilder.Redirect.PIPE).start();
    try (Writer sql = process.outputWriter(StandardCharsets.UTF_8)) {
      sql.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n");
      sql.write(software.script("mariadb_system_tables.sql"));
      sql.write(software.script("mariadb_performance_tables.sql"));
      sql.write(software.script("mariadb_system_tables_data.sql"));
      sql.write(software.script("maria_add_gis_sp_bootstrap.sql"));
      sql.write(
          """

          DELETE FROM global_priv WHERE User <> 'mariadb.sys';
          DELETE FROM proxies_priv;
          CREATE DATABASE carillon CHARACTER SET utf8mb4;
          FLUSH PRIVILEGES;
          CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
          GRANT ALL ON *.* TO '%1$s'@'127.0.0.1' WITH GRANT OPTION;
          """
              .formatted(Access.USER, access.password()));
    } catch (IOException died) {
      process.destroyForcibly();
      throw new IOException(lastError(), died);
    }
    if (!process.waitFor(INSTALLATION.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("installing its tables failed: " + lastError());
    }
    Files.move(unfinished, directory.database(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** One whose JVM was killed may still be writing. */
  private static void endInstallation(Path unfinished) throws IOException, InterruptedException {
    Optional<ProcessHandle> left = on(unfinished);
    if (left.isPresent()) {
      left.get().destroyForcibly();
      if (!ended(left.get(), HARD_STOP, POLL)) {
        throw new IOException("process " + left.get().pid() + " still writes to " + unfinished);
      }
    }
  }

  /** Starts the server on the port; it is not ready yet when this returns. */
  ProcessHandle launch(MariaDbSoftware software, int port) throws IOException {
    if (Files.exists(directory.log()) && Files.size(directory.log()) > LOG_LIMIT) {
      Files.move(
          directory.log(),
          directory.log().resolveSibling("mariadb.log.1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = command(software, directory.database());
    command.addAll(
        List.of(
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=",
            "--skip-name-resolve",
            "--local-infile=0",
            "--pid-file=" + directory.pidFile(),
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-doublewrite=1",
            "--innodb-buffer-pool-size=256M",
            // It purges once a second, and with four threads nothing else runs on two cores
            // meanwhile.
            "--innodb-purge-threads=1",
            "--transaction-isolation=READ-COMMITTED",
            "--default-time-zone=+00:00",
            "--character-set-server=utf8mb4",
            "--max-connections=300"));
    // A session of its own: Ctrl-C at the terminal is for the server, which stops this one last.
    SET_SID.stream()
        .filter(path -> new File(path).canExecute())
        .findFirst()
        .ifPresent(path -> command.add(0, path));
    markLog();
    Process process = builder(software, command).start();
    process.getOutputStream().close();
    return process.toHandle();
  }

  private List<String> command(MariaDbSoftware software, Path data) throws IOException {
    Files.createDirectories(directory.temporary());
    List<String> command = new ArrayList<>();
    command.add(software.server().toString());
    command.add("--no-defaults");
    command.add(dataArgument(data));
    command.add("--basedir=" + software.home());
    command.add("--skip-ssl");
    command.add("--innodb-log-file-size=128M");
    // Each server that starts deletes the temporary tables it finds there, those of others as well.
    command.add("--tmpdir=" + directory.temporary());
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    return command;
  }

  private ProcessBuilder builder(MariaDbSoftware software, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(software.home().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log().toFile()));
    builder
        .environment()
        .put("DYLD_FALLBACK_LIBRARY_PATH", software.home().resolve("libs").toString());
    return builder;
  }

  /** A server on this directory that an earlier JVM left behind. */
  Optional<ProcessHandle> find() throws IOException {
    Optional<ProcessHandle> byArguments = on(directory.database());
    if (byArguments.isPresent() || !Files.exists(directory.pidFile())) {
      return byArguments;
    }
    // Some systems do not show the arguments of other processes.
    String pid = Files.readString(directory.pidFile()).strip();
    return pid.matches("\\d{1,9}")
        ? ProcessHandle.of(Long.parseLong(pid))
            .filter(handle -> handle.info().arguments().isEmpty())
            .filter(handle -> handle.info().command().orElse("").contains("mysqld"))
        : Optional.empty();
  }

  private static Optional<ProcessHandle> on(Path data) {
    String argument = dataArgument(data);
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(
              handle ->
                  Stream.of(handle.info().arguments().orElse(new String[0]))
                      .anyMatch(argument::equals))
          .findFirst();
    }
  }

  private static String dataArgument(Path data) {
    return "--datadir=" + data;
  }

  /** Waits for the end of a process, at most so long, looking so often; true if it ended. */
  static boolean ended(ProcessHandle handle, Duration atMost, Duration every)
      throws InterruptedException {
    for (long round = 0; round < Math.max(1, atMost.dividedBy(every)); round++) {
      try {
        handle.onExit().get(every.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException stillThere) {
        // One that nobody waits for stays in the system's table when it has ended.
        if (!handle.isAlive() || unreaped(handle)) {
          return true;
        }
      } catch (ExecutionException failed) {
        throw new IllegalStateException("Waiting for process " + handle.pid() + " failed", failed);
      }
    }
    return false;
  }

  private static boolean unreaped(ProcessHandle handle) {
    Path status = Path.of("/proc", Long.toString(handle.pid()), "stat");
    try {
      String stat = Files.readString(status);
      return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException notLinuxOrGone) {
      return false;
    }
  }

  /** The last error that the process started last wrote to its log, for messages. */
  String lastError() {
    String written;
    try (FileChannel log = FileChannel.open(directory.log(), StandardOpenOption.READ)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(
              (int) Math.min(log.size() - Math.min(logBegin, log.size()), LOG_LIMIT));
      log.read(bytes, logBegin);
      written = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException noLog) {
      return "no log: " + noLog.getMessage();
    }
    return written
        .lines()
        .filter(line -> line.contains("[ERROR]") || line.contains("error"))
        .filter(line -> !line.endsWith("Aborting"))
        .reduce((earlier, later) -> later)
        .orElse("it was killed, or see " + directory.log());
  }

  private void markLog() throws IOException {
    logBegin = Files.exists(directory.log()) ? Files.size(directory.log()) : 0;
  }
}
