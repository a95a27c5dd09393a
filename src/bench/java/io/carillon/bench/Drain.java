package io.carillon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A backlog of one-time jobs due at one instant, drained by warm nodes. */
final class Drain implements Mode {
  static final String NOOP = "{\"type\":\"noop\"}";

  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    Map<String, Object> last = new LinkedHashMap<>();
    List<DrainFigures> carillon = new ArrayList<>();
    if (options.carillon()) {
      carillon = carillon(stage, options.number("nodes", 1));
    }
    List<DrainFigures> best = new ArrayList<>();
    List<DrainFigures> defaults = new ArrayList<>();
    if (options.stock()) {
      best = stock(stage, StockSettings.BEST, options.number("nodes", 1));
      defaults = stock(stage, StockSettings.DEFAULTS, options.number("nodes", 1));
    }
    DrainFigures.head(stage.page());
    rows(stage, "stock, defaults", defaults);
    rows(stage, "stock, best settings", best);
    rows(stage, "carillon", carillon);
    stage.page().table();
    if (!best.isEmpty()) {
      last.put("stock", Math.round(Median.of(best, DrainFigures::rate)));
      last.put("stock_defaults", Math.round(Median.of(defaults, DrainFigures::rate)));
    }
    if (!carillon.isEmpty()) {
      DrainFigures median = Median.run(carillon, DrainFigures::rate);
      if (!best.isEmpty()) {
        last.put("ratio", Median.rounded(median.rate() / Median.of(best, DrainFigures::rate), 1));
      }
      last.put("carillon", Math.round(median.rate()));
      last.put("p99_ms", median.lateness().p99());
      last.put("statements_per_job", Median.rounded(median.statementsPerJob(), 4));
    }
    last.put("runs", options.runs());
    return last;
  }

  private static List<DrainFigures> carillon(Stage stage, int count) {
    CarillonNodes nodes = CarillonNodes.start(stage, count);
    Burst burst = new Burst(stage, nodes, NOOP);
    int jobs = stage.options().number("jobs", 30_000);
    burst.run(stage.options().number("warm-up", 10_000)).remark(stage.page(), "carillon, warm-up");
    List<DrainFigures> runs = new ArrayList<>();
    for (int run = 0; run < stage.options().runs(); run++) {
      DrainFigures figures = burst.run(jobs);
      figures.remark(stage.page(), "carillon");
      runs.add(figures);
    }
    stage.page().remark("carillon: at most %d MB resident", nodes.peakMegabytes());
    List<String> complaints = nodes.complaints();
    stage.checks().that(complaints.isEmpty(), "carillon logged: " + complaints);
    stage.strike(nodes);
    return runs;
  }

  private static List<DrainFigures> stock(Stage stage, StockSettings settings, int count) {
    StockNodes nodes = StockNodes.start(stage, settings, count);
    int jobs = stage.options().number("stock-jobs", 5_000);
    String name = "stock, " + settings;
    nodes.burst(Math.min(jobs, 1_000)).remark(stage.page(), name + ", warm-up");
    List<DrainFigures> runs = new ArrayList<>();
    for (int run = 0; run < stage.options().runs(); run++) {
      DrainFigures figures = nodes.burst(jobs);
      figures.remark(stage.page(), name);
      runs.add(figures);
    }
    stage.strike(nodes);
    return runs;
  }

  private static void rows(Stage stage, String name, List<DrainFigures> runs) {
    for (int i = 0; i < runs.size(); i++) {
      runs.get(i).row(stage.page(), name + ", run " + (i + 1));
    }
  }
}
