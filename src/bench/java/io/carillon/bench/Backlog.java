package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A backlog that is ten minutes late, against the same backlog in time.
 *
 * <p>Ours: the jobs are created for an instant an hour away, and one UPDATE moves all their
 * triggers to ten minutes ago while the warm nodes run. Stock: the triggers are stored with a start
 * ten minutes ago while the nodes stand by; both its best settings and the same with the misfire
 * threshold that Quartz ships.
 */
final class Backlog implements Mode {
  private static final Duration LATE = Duration.ofMinutes(10);
  private static final Duration AWAY = Duration.ofHours(1);
  private static final int STOCK_MISFIRED = 500;

  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    Map<String, Object> last = new LinkedHashMap<>();
    DrainFigures.head(stage.page());
    if (options.stock()) {
      last.put(
          "stock_misfired", rate(stock(stage, StockSettings.BEST_BUT_MISFIRES, STOCK_MISFIRED)));
      int jobs = options.number("stock-jobs", 5_000);
      last.put("stock", rate(stock(stage, StockSettings.BEST, jobs)));
    }
    if (options.carillon()) {
      carillon(stage, last);
    }
    stage.page().table();
    last.put("runs", options.runs());
    return last;
  }

  private static long rate(List<DrainFigures> runs) {
    return Math.round(Median.of(runs, DrainFigures::rate));
  }

  private static List<DrainFigures> stock(Stage stage, StockSettings settings, int jobs) {
    StockNodes nodes = StockNodes.start(stage, settings, 1);
    String name = "stock, " + settings + ", late";
    nodes.burst(1_000).remark(stage.page(), name + ", warm-up");
    List<DrainFigures> runs = Warm.repeat(stage, name, () -> nodes.late(jobs, LATE));
    DrainFigures.rows(stage.page(), name, runs);
    stage.strike(nodes);
    return runs;
  }

  private static void carillon(Stage stage, Map<String, Object> last) {
    CarillonNodes nodes = CarillonNodes.start(stage, stage.options().number("nodes", 1));
    Burst burst = new Burst(stage, nodes, Drain.sink(stage));
    int jobs = stage.options().number("backlog", 20_000);
    List<DrainFigures> inTime = Warm.carillon(stage, burst, "carillon, in time", jobs);
    List<DrainFigures> late =
        Warm.repeat(stage, "carillon, late", () -> late(stage, nodes, burst, jobs));
    DrainFigures.rows(stage.page(), "carillon, in time", inTime);
    DrainFigures.rows(stage.page(), "carillon, late", late);
    last.put("carillon", rate(late));
    last.put("carillon_in_time", rate(inTime));
    nodes.require(stage);
    stage.strike(nodes);
  }

  private static DrainFigures late(Stage stage, CarillonNodes nodes, Burst burst, int jobs) {
    Instant away = Instant.ofEpochMilli(Pause.now().plus(AWAY).toEpochMilli());
    double created = burst.create(jobs, n -> away);
    Instant due = Instant.ofEpochMilli(Pause.now().minus(LATE).toEpochMilli());
    int moved =
        stage
            .database()
            .update(
                """
                UPDATE %s.QRTZ_TRIGGERS SET START_TIME = %d, NEXT_FIRE_TIME = %2$d
                WHERE SCHED_NAME = 'carillon' AND NEXT_FIRE_TIME = %3$d
                """
                    .formatted(nodes.schema().name(), due.toEpochMilli(), away.toEpochMilli()));
    stage.checks().that(moved == jobs, "moved " + moved + " of " + jobs + " triggers");
    return burst.drain(jobs, due, due, Pause.now(), created);
  }
}
