package io.carillon.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backlog of one-time jobs due at one instant, drained by warm nodes. With {@code --stored} our
 * nodes do it once more beside so many jobs of a later day.
 */
final class Drain implements Mode {
  static final String NOOP = "{\"type\":\"noop\"}";

  /** Our figures: on an empty table and beside stored jobs (empty unless asked for). */
  private record Ours(List<DrainFigures> empty, List<DrainFigures> beside) {}

  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    int count = options.number("nodes", 1);
    List<DrainFigures> best = List.of();
    List<DrainFigures> defaults = List.of();
    if (options.stock()) {
      best = stock(stage, StockSettings.BEST, count);
      defaults = stock(stage, StockSettings.DEFAULTS, count);
    }
    Ours ours = options.carillon() ? carillon(stage, count) : new Ours(List.of(), List.of());
    DrainFigures.head(stage.page());
    DrainFigures.rows(stage.page(), "stock, defaults", defaults);
    DrainFigures.rows(stage.page(), "stock, best settings", best);
    DrainFigures.rows(stage.page(), "carillon", ours.empty());
    DrainFigures.rows(stage.page(), "carillon beside stored", ours.beside());
    stage.page().table();
    return last(options, best, defaults, ours);
  }

  private static Map<String, Object> last(
      Options options, List<DrainFigures> best, List<DrainFigures> defaults, Ours ours) {
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("target", options.http() ? "http" : "noop");
    last.put("nodes", options.number("nodes", 1));
    if (!best.isEmpty()) {
      last.put("stock", Math.round(Median.of(best, DrainFigures::rate)));
      last.put("stock_defaults", Math.round(Median.of(defaults, DrainFigures::rate)));
    }
    if (!ours.empty().isEmpty()) {
      DrainFigures median = Median.run(ours.empty(), DrainFigures::rate);
      last.put("carillon", Math.round(median.rate()));
      if (!best.isEmpty()) {
        last.put("ratio", Median.rounded(median.rate() / Median.of(best, DrainFigures::rate), 1));
      }
      last.put("p99_ms", median.lateness().p99());
      last.put("statements_per_job", Median.rounded(median.statementsPerJob(), 4));
      last.put("db_ms_per_1000", Math.round(median.databaseMillisPerThousand()));
      last.put("nodes_ms_per_1000", Math.round(median.nodeMillisPerThousand()));
    }
    if (!ours.beside().isEmpty()) {
      DrainFigures beside = Median.run(ours.beside(), DrainFigures::rate);
      last.put("stored", options.number("stored", 0));
      last.put("carillon_beside_stored", Math.round(beside.rate()));
      last.put(
          "cost_beside_stored",
          Median.rounded(Median.of(ours.empty(), DrainFigures::rate) / beside.rate(), 2));
    }
    last.put("runs", options.runs());
    return last;
  }

  private static Ours carillon(Stage stage, int count) {
    CarillonNodes nodes = CarillonNodes.start(stage, count);
    Sink sink = sink(stage);
    Burst burst = new Burst(stage, nodes, sink);
    int jobs = stage.options().number("jobs", 30_000);
    List<DrainFigures> empty = Warm.carillon(stage, burst, "carillon", jobs);
    List<DrainFigures> beside = List.of();
    int stored = stage.options().number("stored", 0);
    if (stored > 0) {
      Stored.fill(stage, nodes, stored);
      beside = Warm.repeat(stage, "carillon beside stored", () -> burst.run(jobs));
    }
    nodes.require(stage);
    stage.strike(nodes);
    return new Ours(empty, beside);
  }

  static @Nullable Sink sink(Stage stage) {
    return stage.options().http() ? stage.set(Sink.start()) : null;
  }

  private static List<DrainFigures> stock(Stage stage, StockSettings settings, int count) {
    StockNodes nodes = StockNodes.start(stage, settings, count);
    int jobs = stage.options().number("stock-jobs", 5_000);
    List<DrainFigures> runs = Warm.stock(stage, nodes, "stock, " + settings, jobs);
    stage.strike(nodes);
    return runs;
  }
}
