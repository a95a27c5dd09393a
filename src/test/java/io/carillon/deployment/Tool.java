package io.carillon.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command of the system that may or may not be installed, for at most 60 s. */
final class Tool {
  static final String NO_COMPOSE =
      "neither docker-compose (Debian package docker-compose) nor the compose plugin of docker is"
          + " installed, so nothing here understands the compose file";

  private Tool() {}

  /** What came of it; errors are part of the output when it failed. */
  record Result(boolean installed, int exitCode, String output) {
    boolean failed() {
      return exitCode != 0;
    }
  }

  /** Asks docker-compose, or the plugin of the same name, whichever is there. */
  static Result compose(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    if (!run(folder, Map.of(), List.of("docker-compose", "version")).failed()) {
      return run(folder, environment, command(List.of("docker-compose"), arguments));
    }
    if (!run(folder, Map.of(), List.of("docker", "compose", "version")).failed()) {
      return run(folder, environment, command(List.of("docker", "compose"), arguments));
    }
    return new Result(false, -1, "");
  }

  /** Runs a command with these variables beside those of this process. */
  static Result run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    File output = Files.createTempFile(folder, "output", ".txt").toFile();
    File errors = Files.createTempFile(folder, "errors", ".txt").toFile();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().putAll(environment);
    builder.redirectOutput(output).redirectError(errors);
    Process process;
    try {
      process = builder.start();
    } catch (IOException notInstalled) {
      return new Result(false, -1, "");
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end within 60 s");
    }
    String text = Files.readString(output.toPath(), UTF_8);
    int exitCode = process.exitValue();
    String all = exitCode == 0 ? text : text + Files.readString(errors.toPath(), UTF_8);
    return new Result(true, exitCode, all);
  }

  private static List<String> command(List<String> first, String... rest) {
    List<String> command = new ArrayList<>(first);
    command.addAll(List.of(rest));
    return command;
  }
}
