package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What every mode works with: the options, the page, the database server and a folder. Closing ends
 * what was opened on it, last first, and deletes the folder; it is idempotent and may come from the
 * shutdown hook.
 */
final class Stage implements AutoCloseable {
  private final Options options;
  private final Page page;
  private final Checks checks = new Checks();
  private final Path home;
  private final Path folder;
  private final DatabaseServer database;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param home the project's folder
   */
  Stage(Options options, Page page, Path home) {
    this.options = options;
    this.page = page;
    this.home = home;
    Path runs = home.resolve("target").resolve("bench");
    try {
      Files.createDirectories(runs);
      this.folder = Files.createTempDirectory(runs, "run-").toAbsolutePath();
      Files.writeString(folder.resolve("owner"), ProcessHandle.current().pid() + "\n");
    } catch (IOException fault) {
      throw new BenchFault("No folder for the run", fault);
    }
    this.database = DatabaseServer.open(folder.resolve("database"), runs.resolve("software"));
    open.push(database);
    note(database.pid());
  }

  private void note(long pid) {
    if (pid > 0) {
      try {
        Files.writeString(folder.resolve("pids"), pid + "\n");
      } catch (IOException fault) {
        throw new BenchFault("Noting a process", fault);
      }
    }
  }

  Options options() {
    return options;
  }

  Page page() {
    return page;
  }

  Checks checks() {
    return checks;
  }

  DatabaseServer database() {
    return database;
  }

  /** The run's own folder. */
  Path folder() {
    return folder;
  }

  Path jar() {
    return home.resolve("target").resolve("carillon.jar").toAbsolutePath();
  }

  /** The program that nodes run in. */
  Path java() {
    String home = options.text("java", System.getProperty("java.home"));
    return Path.of(home, "bin", "java");
  }

  String heap() {
    return "-Xmx" + options.text("xmx", "256m");
  }

  /**
   * Will be closed with the stage, unless it was {@link #strike struck} before.
   *
   * @throws BenchFault if the stage is closed
   */
  synchronized <T extends AutoCloseable> T set(T piece) {
    if (closed) {
      end(piece);
      throw new BenchFault("The run was broken off");
    }
    open.push(piece);
    return piece;
  }

  /** Starts a JVM with the nodes' heap; it will be closed with the stage at the latest. */
  JavaProcess launch(
      String name, boolean heard, List<String> arguments, Map<String, String> environment) {
    List<String> all = new ArrayList<>(List.of(heap()));
    all.addAll(arguments);
    synchronized (this) {
      if (closed) {
        throw new BenchFault("The run was broken off");
      }
      return set(JavaProcess.start(name, folder, heard, java(), all, environment));
    }
  }

  /** Closes something now. */
  void strike(AutoCloseable piece) {
    synchronized (this) {
      if (!open.remove(piece)) {
        return;
      }
    }
    end(piece);
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      end(open.pop());
    }
    deleteFolder();
  }

  private void end(AutoCloseable piece) {
    try {
      piece.close();
    } catch (Exception fault) {
      page.remark("closing %s: %s", piece, fault);
    }
  }

  /** Copies the nodes' logs to where the next failed run replaces them. */
  void keepLogs() {
    Path kept = folder.resolveSibling("failed-" + options.mode());
    try (Stream<Path> nodes = Files.list(folder)) {
      Files.createDirectories(kept);
      for (Path log : nodes.map(node -> node.resolve("log")).filter(Files::exists).toList()) {
        Path copy = kept.resolve(log.getParent().getFileName() + ".log");
        Files.copy(log, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      page.remark("the nodes' logs: %s", kept);
    } catch (IOException fault) {
      page.remark("the logs could not be kept: %s", fault);
    }
  }

  private void deleteFolder() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException fault) {
      page.remark("%s could not be deleted: %s", folder, fault);
    }
  }
}
