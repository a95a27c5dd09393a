package io.carillon.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Nodes with nothing to do: statements, processor time and memory in half a minute. */
final class Idle implements Mode {
  private static final Duration SETTLE = Duration.ofMinutes(5);
  private static final int WARM_UP = 1_000;

  @Override
  public Map<String, Object> run(Stage stage) {
    Map<String, Object> last = new LinkedHashMap<>();
    stage
        .page()
        .row("", "statements/s", "node, % of a core", "database, % of a core", "MB resident");
    if (stage.options().stock()) {
      StockNodes nodes = StockNodes.start(stage, StockSettings.DEFAULTS, 1);
      nodes.burst(WARM_UP);
      Pause.of(SETTLE);
      measure(stage, "stock", nodes.pids(), last);
      stage.strike(nodes);
    }
    if (stage.options().carillon()) {
      CarillonNodes nodes = CarillonNodes.start(stage, 1);
      new Burst(stage, nodes, null).warmUp(WARM_UP);
      Pause.of(SETTLE);
      measure(stage, "carillon", nodes.pids(), last);
      nodes.require(stage);
      stage.strike(nodes);
    }
    stage.page().table();
    return last;
  }

  private static void measure(Stage stage, String side, List<Long> pids, Map<String, Object> last) {
    List<Quiet> runs = new ArrayList<>();
    for (int run = 1; run <= stage.options().runs(); run++) {
      Quiet quiet = Quiet.over(stage, pids);
      stage
          .page()
          .row(
              side + ", run " + run,
              quiet.statements(),
              quiet.node(),
              quiet.database(),
              quiet.memory());
      runs.add(quiet);
    }
    last.put(side + "_statements_per_s", median(runs, Quiet::statements, 1));
    last.put(side + "_cpu_percent", median(runs, Quiet::node, 2));
    last.put(side + "_database_cpu_percent", median(runs, Quiet::database, 2));
    last.put(side + "_rss_mb", median(runs, Quiet::memory, 0));
  }

  private static double median(List<Quiet> runs, ToDoubleFunction<Quiet> figure, int digits) {
    return Median.rounded(Median.of(runs, figure), digits);
  }

  /**
   * What nodes without work take.
   *
   * @param statements a second
   * @param node percent of a core, all of them together
   * @param database percent of a core
   * @param memory of the first one, megabytes resident
   */
  private record Quiet(double statements, double node, double database, long memory) {

    static Quiet over(Stage stage, List<Long> pids) {
      long begin = System.nanoTime();
      Reading before = Reading.take(stage.database(), pids);
      Pause.of(Duration.ofSeconds(stage.options().number("seconds", 30)));
      Reading used = Reading.take(stage.database(), pids).since(before);
      double passed = (System.nanoTime() - begin) / 1e9;
      return new Quiet(
          used.statements() / passed,
          used.nodeMillis() / passed / 10,
          used.databaseMillis() / passed / 10,
          Processor.residentMegabytes(pids.get(0)));
    }
  }
}
