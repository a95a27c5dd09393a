package io.carillon.bench;

import io.carillon.BareEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Creating one-time jobs of a later day: at the engine and over HTTP, and stock's ways beside them.
 * With {@code --stored} ours are measured once more beside so many stored jobs.
 */
final class Create implements Mode {
  private static final int BATCH = 500;
  private static final int BATCH_CALLERS = 4;
  private static final int MANY_CALLERS = 64;
  private static final int STOCK_CALLERS = 8;

  /** After a quarter of it the node's JVM still gives two thirds of a core to its compilers. */
  private static final int HTTP_WARM_UP = 120_000;

  @Override
  public Map<String, Object> run(Stage stage) {
    List<Creation> all = new ArrayList<>();
    if (stage.options().stock()) {
      all.addAll(stock(stage));
    }
    List<Creation> beside = List.of();
    if (stage.options().carillon()) {
      CarillonNodes nodes = CarillonNodes.start(stage, 1);
      all.addAll(carillon(stage, nodes, "carillon"));
      int stored = stage.options().number("stored", 0);
      if (stored > 0) {
        Stored.fill(stage, nodes, stored);
        beside = carillon(stage, nodes, "carillon beside stored");
      }
      nodes.require(stage);
      stage.strike(nodes);
    }
    List<Creation> shown = new ArrayList<>(all);
    shown.addAll(beside);
    Creation.table(stage.page(), shown);
    return last(stage.options(), all, beside);
  }

  private static Map<String, Object> last(
      Options options, List<Creation> all, List<Creation> beside) {
    Map<String, Object> last = new LinkedHashMap<>();
    all.forEach(one -> last.put(one.key(), Math.round(one.rate())));
    ratio(last, "ratio_1", "engine_1", "stock_1");
    ratio(last, "ratio_many", "engine_64", "stock_8");
    ratio(last, "ratio_bulk", "engine_bulk", "stock_bulk");
    if (!beside.isEmpty()) {
      last.put("stored", options.number("stored", 0));
      for (Creation one : beside) {
        double empty = ((Number) last.get(one.key())).doubleValue();
        last.put(one.key() + "_cost_beside_stored", Median.rounded(empty / one.rate(), 2));
      }
    }
    last.put("runs", options.runs());
    return last;
  }

  private static void ratio(Map<String, Object> last, String name, String ours, String stock) {
    if (last.get(ours) instanceof Number ourRate && last.get(stock) instanceof Number stockRate) {
      last.put(name, Median.rounded(ourRate.doubleValue() / stockRate.doubleValue(), 1));
    }
  }

  private static List<Creation> stock(Stage stage) {
    StockNodes nodes = StockNodes.start(stage, StockSettings.BEST, 0);
    StockMaker maker = nodes.maker();
    Instant due = later();
    List<Creation> result =
        List.of(
            Creation.measure(
                stage, "stock, 1 caller", "stock_1", 1_500, jobs -> maker.singly(jobs, 1, due)),
            Creation.measure(
                stage,
                "stock, 8 callers",
                "stock_8",
                3_000,
                jobs -> maker.singly(jobs, STOCK_CALLERS, due)),
            Creation.measure(
                stage,
                "stock, scheduleJobs of 500",
                "stock_bulk",
                5_000,
                jobs -> maker.bulk(jobs, n -> due)));
    stage.strike(nodes);
    return result;
  }

  private static List<Creation> carillon(Stage stage, CarillonNodes nodes, String side) {
    List<Creation> result = new ArrayList<>();
    DatabaseServer.Schema schema = nodes.schema();
    BareEngine engine =
        stage.set(
            BareEngine.start(
                schema.url(), schema.user(), schema.password(), stage.options().settings()));
    Instant due = later();
    EngineMaker maker = new EngineMaker(engine.jobs(), due);
    result.add(
        Creation.measure(
            stage, side + ", engine, 1 caller", "engine_1", 2_000, n -> maker.create(n, 1, 1)));
    result.add(
        Creation.measure(
            stage,
            side + ", engine, 64 callers",
            "engine_64",
            20_000,
            n -> maker.create(n, MANY_CALLERS, 1)));
    result.add(
        Creation.measure(
            stage,
            side + ", engine, batches of 500 by 4",
            "engine_bulk",
            40_000,
            n -> maker.create(n, BATCH_CALLERS, BATCH)));
    stage.strike(engine);
    JobMaker http = new JobMaker(nodes.ports(), n -> Drain.NOOP, false);
    result.add(
        Creation.measure(
            stage,
            side + ", HTTP, 64 clients",
            "http_64",
            HTTP_WARM_UP,
            15_000,
            n -> http.at(i -> due, n, MANY_CALLERS, 1)));
    result.add(
        Creation.measure(
            stage,
            side + ", HTTP, batches of 500 by 4",
            "http_bulk",
            40_000,
            n -> http.at(i -> due, n, BATCH_CALLERS, BATCH)));
    return result;
  }

  private static Instant later() {
    return Pause.now().plus(Duration.ofDays(1));
  }
}
