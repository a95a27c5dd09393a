package io.carillon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One bash, as a reader of README.md has one terminal: what a command sets, the following ones see.
 * For one test thread. Closing ends it.
 */
final class ReadmeShell implements AutoCloseable {
  private static final String END = "end-of-the-readme-block";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Process bash;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What a block printed, and the exit code of its last command. */
  record Result(String output, int exitCode) {}

  ReadmeShell(Path directory) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc");
    builder.directory(directory.toFile());
    builder.environment().put("NO_PROXY", "*");
    builder.environment().put("no_proxy", "*");
    builder.redirectErrorStream(true);
    bash = builder.start();
    input = bash.outputWriter(UTF_8);
    Thread reader = new Thread(this::read, "readme-shell");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(bash.getInputStream(), UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException closed) {
      lines.add(END + " " + closed.getMessage());
    }
  }

  Result run(String command) throws IOException, InterruptedException {
    input.write(command + "\nprintf '\\n" + END + " %d\\n' $?\n");
    input.flush();
    List<String> printed = new ArrayList<>();
    while (true) {
      String line = lines.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new AssertionError("no end after " + LIMIT + ": " + command + "\n" + printed);
      }
      if (line.startsWith(END)) {
        int code = Integer.parseInt(line.substring(END.length()).strip());
        return new Result(String.join("\n", printed), code);
      }
      printed.add(line);
    }
  }

  @Override
  public void close() {
    bash.destroyForcibly();
  }
}
