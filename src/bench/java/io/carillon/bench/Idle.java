package io.carillon.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes with nothing to do: statements, processor time and memory over half a minute. */
final class Idle implements Mode {
  private static final Duration SETTLE = Duration.ofSeconds(60);
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
    int seconds = stage.options().number("seconds", 30);
    long begin = System.nanoTime();
    Reading before = Reading.take(stage.database(), pids);
    Pause.of(Duration.ofSeconds(seconds));
    Reading used = Reading.take(stage.database(), pids).since(before);
    double passed = (System.nanoTime() - begin) / 1e9;
    double statements = used.statements() / passed;
    double node = used.nodeMillis() / passed / 10;
    double database = used.databaseMillis() / passed / 10;
    long memory = Processor.residentMegabytes(pids.get(0));
    stage.page().row(side, statements, node, database, memory);
    last.put(side + "_statements_per_s", Median.rounded(statements, 1));
    last.put(side + "_cpu_percent", Median.rounded(node, 2));
    last.put(side + "_database_cpu_percent", Median.rounded(database, 2));
    last.put(side + "_rss_mb", memory);
  }
}
