package io.carillon.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The benchmark's main class; {@code src/bench/bench} builds what it needs and runs it. The exit
 * code is 0 if everything could be measured and every check held, 2 if the command line is wrong,
 * else 1.
 */
public final class Bench {
  private static final Map<String, Mode> MODES =
      new TreeMap<>(
          Map.of(
              "drain",
              new Drain(),
              "create",
              new Create(),
              "crons",
              new Crons(),
              "nodes",
              new Nodes(),
              "steady",
              new Steady(),
              "backlog",
              new Backlog(),
              "idle",
              new Idle(),
              "held",
              new Held()));

  private Bench() {}

  public static void main(String... arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(new Page(out), arguments));
  }

  private static int run(Page page, String... arguments) {
    Options options;
    Mode mode;
    try {
      options = Options.parse(arguments);
      mode = MODES.get(options.mode());
    } catch (IllegalArgumentException wrong) {
      page.remark("bench: %s", wrong.getMessage());
      return 2;
    }
    if (mode == null) {
      page.remark("bench: no mode %s; there are %s", options.mode(), MODES.keySet());
      return 2;
    }
    Stage stage = new Stage(options, page, Path.of(""));
    Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "bench-close"));
    try (stage) {
      return measured(page, mode, stage) ? 0 : 1;
    }
  }

  private static boolean measured(Page page, Mode mode, Stage stage) {
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("mode", stage.options().mode());
    boolean good = false;
    try {
      page.remark("database: %s", stage.database().facts());
      page.remark("nodes: java %s, %s", stage.java(), stage.heap());
      last.putAll(mode.run(stage));
      good = stage.checks().failed().isEmpty();
    } catch (BenchFault fault) {
      page.remark("FAILED: %s", fault.getMessage());
      for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
        page.remark("  because of %s", cause);
      }
    }
    stage.checks().failed().forEach(failed -> page.remark("FAILED: %s", failed));
    if (!good) {
      stage.keepLogs();
    }
    last.put("ok", good);
    page.last(last);
    return good;
  }
}
