package io.carillon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that the benchmark started. Its id is noted in the run's folder, so that the script can end
 * it if this JVM dies first. For one thread; closing asks it to end, then insists.
 */
final class JavaProcess implements AutoCloseable {
  private static final int SHOWN = 4_000;

  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedReader output;

  private JavaProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts it in a folder of its own below the run's.
   *
   * @param heard whether its standard output is read by {@link #hear}; else it is logged, too
   */
  static JavaProcess start(
      String name,
      Path run,
      boolean heard,
      Path java,
      List<String> arguments,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(arguments);
    try {
      Path folder = Files.createDirectories(run.resolve(name));
      Path log = folder.resolve("log");
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().keySet().removeIf(JavaProcess::isOurs);
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      if (!heard) {
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      }
      Process started = builder.start();
      Files.writeString(
          run.resolve("pids"),
          started.pid() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return new JavaProcess(name, log, started);
    } catch (IOException fault) {
      throw new BenchFault("Starting " + name, fault);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Says a line to its standard input. */
  void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException fault) {
      throw new BenchFault(name + " does not listen" + story(), fault);
    }
  }

  /** The next line of its standard output. It must say one, or end. */
  String hear() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new BenchFault(name + " ended" + story());
      }
      return line;
    } catch (IOException fault) {
      throw new BenchFault(name + " cannot be heard" + story(), fault);
    }
  }

  /** The end of its log. */
  String story() {
    String text = read();
    return "; its log ends:\n" + text.substring(Math.max(0, text.length() - SHOWN));
  }

  /** Everything it logged. */
  String read() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException fault) {
      throw new BenchFault("Reading " + log, fault);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        boolean ended = process.waitFor(5, TimeUnit.SECONDS);
        assert ended;
      }
    } catch (InterruptedException stop) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("CARILLON_")
        || variable.startsWith("ORG_QUARTZ_")
        || variable.equals("JAVA_TOOL_OPTIONS")
        || variable.equals("JDK_JAVA_OPTIONS");
  }
}
