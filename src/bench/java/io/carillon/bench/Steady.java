package io.carillon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Jobs that fall due one after the other at several rates: how punctual their calls are. */
final class Steady implements Mode {
  private static final int STOCK_RATE = 500;
  private static final int WARM_UP = 5_000;

  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("target", options.http() ? "http" : "noop");
    SteadyFigures.head(stage.page());
    if (options.stock()) {
      last.put("stock", stock(stage));
    }
    if (options.carillon()) {
      for (int count : numbers(options.text("nodes", "1,3"))) {
        last.put("carillon_nodes_" + count, carillon(stage, count));
      }
    }
    stage.page().table();
    last.put("runs", options.runs());
    return last;
  }

  private static List<Integer> numbers(String text) {
    return Stream.of(text.split(",")).map(String::strip).map(Integer::valueOf).toList();
  }

  private static Map<String, Object> stock(Stage stage) {
    StockNodes nodes = StockNodes.start(stage, StockSettings.BEST, 1);
    nodes.burst(1_000).remark(stage.page(), "stock, warm-up");
    int jobs = STOCK_RATE * Math.min(10, stage.options().number("seconds", 20));
    List<SteadyFigures> runs = new ArrayList<>();
    for (int run = 0; run < stage.options().runs(); run++) {
      runs.add(said(stage, "stock, best settings", nodes.steady(jobs, STOCK_RATE)));
    }
    stage.strike(nodes);
    return Map.of(Integer.toString(STOCK_RATE), medians(runs));
  }

  private static Map<String, Object> carillon(Stage stage, int count) {
    CarillonNodes nodes = CarillonNodes.start(stage, count);
    Burst burst = new Burst(stage, nodes, Drain.sink(stage));
    String name = "carillon, nodes: " + count;
    burst
        .warmUp(stage.options().number("warm-up", WARM_UP))
        .remark(stage.page(), name + ", warm-up");
    Map<String, Object> byRate = new LinkedHashMap<>();
    for (int rate : numbers(stage.options().text("rate", "500,1000,3000"))) {
      int jobs = rate * stage.options().number("seconds", 20);
      List<SteadyFigures> runs = new ArrayList<>();
      for (int run = 0; run < stage.options().runs(); run++) {
        runs.add(said(stage, name, burst.steady(jobs, rate)));
      }
      byRate.put(Integer.toString(rate), medians(runs));
    }
    nodes.require(stage);
    stage.strike(nodes);
    return byRate;
  }

  private static SteadyFigures said(Stage stage, String name, SteadyFigures figures) {
    Spread late = figures.lateness();
    stage
        .page()
        .remark(
            "%s, %,d/s: p50 %d ms, p99 %d ms, max %d ms",
            name, figures.perSecond(), late.p50(), late.p99(), late.max());
    figures.row(stage.page(), name);
    return figures;
  }

  private static Map<String, Object> medians(List<SteadyFigures> runs) {
    Map<String, Object> medians = new LinkedHashMap<>();
    medians.put("p50_ms", Math.round(Median.of(runs, run -> run.lateness().p50())));
    medians.put("p99_ms", Math.round(Median.of(runs, run -> run.lateness().p99())));
    medians.put("max_ms", Math.round(Median.of(runs, run -> run.lateness().max())));
    return medians;
  }
}
