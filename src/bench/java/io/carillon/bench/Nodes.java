package io.carillon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The drain over one, two and three nodes, both sides. */
final class Nodes implements Mode {
  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    int most = options.number("nodes", 3);
    List<List<DrainFigures>> stock = new ArrayList<>();
    List<List<DrainFigures>> carillon = new ArrayList<>();
    for (int count = 1; count <= most; count++) {
      if (options.stock()) {
        stock.add(stock(stage, count));
      }
      if (options.carillon()) {
        carillon.add(carillon(stage, count));
      }
    }
    DrainFigures.head(stage.page());
    for (int i = 0; i < stock.size(); i++) {
      DrainFigures.rows(stage.page(), "stock, nodes: " + (i + 1), stock.get(i));
    }
    for (int i = 0; i < carillon.size(); i++) {
      DrainFigures.rows(stage.page(), "carillon, nodes: " + (i + 1), carillon.get(i));
    }
    stage.page().table();
    Map<String, Object> last = new LinkedHashMap<>();
    put(last, "stock", stock);
    put(last, "carillon", carillon);
    last.put("runs", options.runs());
    return last;
  }

  private static void put(Map<String, Object> last, String side, List<List<DrainFigures>> byCount) {
    if (byCount.isEmpty()) {
      return;
    }
    List<Double> rates = byCount.stream().map(runs -> Median.of(runs, DrainFigures::rate)).toList();
    last.put(side, rates.stream().map(Math::round).toList());
    last.put(side + "_kept", Median.rounded(rates.get(rates.size() - 1) / rates.get(0), 2));
  }

  private static List<DrainFigures> carillon(Stage stage, int count) {
    CarillonNodes nodes = CarillonNodes.start(stage, count);
    List<DrainFigures> runs =
        Warm.carillon(
            stage,
            new Burst(stage, nodes, Drain.sink(stage)),
            "carillon, nodes: " + count,
            stage.options().number("jobs", 30_000));
    nodes.require(stage);
    stage.strike(nodes);
    return runs;
  }

  private static List<DrainFigures> stock(Stage stage, int count) {
    StockNodes nodes = StockNodes.start(stage, StockSettings.BEST, count);
    List<DrainFigures> runs =
        Warm.stock(
            stage, nodes, "stock, nodes: " + count, stage.options().number("stock-jobs", 5_000));
    stage.strike(nodes);
    return runs;
  }
}
