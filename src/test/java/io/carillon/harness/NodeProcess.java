package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: the real jar in a JVM of its own, with a working directory, a port and a log file of
 * its own below {@code target/harness}. It can be started again after it ended, on the same port
 * and the same data.
 *
 * <p>For one test thread. Closing ends the process and any child it left behind (the embedded
 * database outlives a killed server), and deletes its data. Every failure carries the last lines of
 * the node's output.
 */
public final class NodeProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
  private static final int SHOWN_LINES = 60;
  private static final Duration END = Duration.ofSeconds(10);

  private final String name;
  private final int port;
  private final Path directory;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Set<ProcessHandle> children = new LinkedHashSet<>();
  private final InstantSource clock = InstantSource.system();
  private @Nullable Process process;
  private Instant startedAt = Instant.EPOCH;

  NodeProcess(
      String name,
      int port,
      Path directory,
      List<String> command,
      Map<String, String> environment) {
    this.name = name;
    this.port = port;
    this.directory = directory;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  /** A node with a free port and an empty data directory; the name is seen in its log's path. */
  public static NodeBuilder named(String name) {
    return new NodeBuilder(name);
  }

  /** Starts the process and returns at once. */
  public NodeProcess start() {
    if (isAlive()) {
      throw new IllegalStateException(name + " is running");
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.environment().keySet().removeIf(NodeProcess::isOurs);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      startedAt = clock.instant();
      process = builder.start();
    } catch (IOException fault) {
      throw new UncheckedIOException("Starting " + command, fault);
    }
    return this;
  }

  /** Waits until {@code /readyz} answers 200. Fails at once when the process ends instead. */
  public NodeProcess awaitReady(Duration limit) {
    try {
      Awaitility.await(name + " is ready")
          .atMost(limit)
          .pollInterval(Duration.ofMillis(50))
          .pollDelay(Duration.ZERO)
          .failFast(() -> !isAlive())
          .until(this::isReady);
      long millis = Duration.between(startedAt, clock.instant()).toMillis();
      LOG.info("{} is ready, {} ms after its start", name, millis);
      return this;
    } catch (ConditionTimeoutException | TerminalFailureException fault) {
      throw new AssertionError(name + " did not become ready within " + limit + story(), fault);
    }
  }

  public boolean isReady() {
    try {
      return api().get("/readyz").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Ends the JVM as a crash would: no hook runs, children stay. */
  public void kill9() {
    rememberChildren();
    signal("KILL");
    awaitExit(END);
  }

  /** Freezes the JVM (SIGSTOP): it keeps its sockets and does nothing. */
  public void stop() {
    signal("STOP");
  }

  /** Lets a frozen JVM go on. */
  public void cont() {
    signal("CONT");
  }

  /** Asks for an orderly end, as service managers do. */
  public void term() {
    rememberChildren();
    signal("TERM");
  }

  /** Asks for an orderly end, as Ctrl-C does. */
  public void int_() {
    rememberChildren();
    signal("INT");
  }

  /** Waits for the end and gives the exit code (128 + n after signal n). */
  public int awaitExit(Duration limit) {
    Process running = running();
    try {
      if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end within " + limit + story());
      }
      return running.exitValue();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + name, stop);
    }
  }

  public JsonApi api() {
    return JsonApi.onPort(port);
  }

  public String name() {
    return name;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return running().pid();
  }

  /** The working directory, with {@code quartz.properties}, {@code data} and the log. */
  public Path directory() {
    return directory;
  }

  public Path log() {
    return directory.resolve("node.log");
  }

  /** Everything the process wrote so far, over all its starts. */
  public String output() {
    try {
      return Files.exists(log()) ? new String(Files.readAllBytes(log()), UTF_8) : "";
    } catch (IOException fault) {
      throw new UncheckedIOException("Reading " + log(), fault);
    }
  }

  @Override
  public void close() {
    rememberChildren();
    if (process != null && process.isAlive()) {
      process.destroyForcibly();
      awaitExit(END);
    }
    children.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await("children of " + name + " end")
        .atMost(END)
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    deleteData();
  }

  /** The embedded database's files are large; the log and the configuration stay to be read. */
  private void deleteData() {
    Path data = directory.resolve("data");
    if (!Files.isDirectory(data)) {
      return;
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException fault) {
      throw new UncheckedIOException("Deleting " + data, fault);
    }
  }

  /** The last lines of the output but for single calls, for the message of a failure. */
  public String story() {
    List<String> lines =
        new ArrayList<>(
            output().lines().filter(line -> !line.contains(" INFO executions - ")).toList());
    int from = Math.max(0, lines.size() - SHOWN_LINES);
    String ended =
        process == null || process.isAlive() ? "" : ", ended with " + process.exitValue();
    return "\n--- "
        + name
        + ended
        + ", its last lines ("
        + log()
        + "):\n"
        + String.join("\n", lines.subList(from, lines.size()));
  }

  private void signal(String signal) {
    Process running = running();
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid()))
              .redirectErrorStream(true)
              .start();
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("SIG" + signal + " did not reach " + name + story());
      }
    } catch (IOException fault) {
      throw new UncheckedIOException("SIG" + signal + " to " + name, fault);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at SIG" + signal, stop);
    }
  }

  private void rememberChildren() {
    if (isAlive()) {
      running().toHandle().descendants().forEach(children::add);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("CARILLON_")
        || variable.startsWith("ORG_QUARTZ_")
        || variable.equals("JAVA_TOOL_OPTIONS")
        || variable.equals("JDK_JAVA_OPTIONS");
  }
}
