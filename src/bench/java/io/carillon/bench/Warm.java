package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Repeats a measurement after a warm-up, and says each figure as it comes. Stateless. */
final class Warm {
  private Warm() {}

  /** Our nodes' drain: warm-up first, then as often as the options say. */
  static List<DrainFigures> carillon(Stage stage, Burst burst, String name, int jobs) {
    burst
        .warmUp(stage.options().number("warm-up", 30_000))
        .remark(stage.page(), name + ", warm-up");
    return repeat(stage, name, () -> burst.run(jobs));
  }

  /** Stock's drain: warm-up first, then as often as the options say. */
  static List<DrainFigures> stock(Stage stage, StockNodes nodes, String name, int jobs) {
    nodes.burst(Math.min(jobs, 2_500)).remark(stage.page(), name + ", warm-up");
    return repeat(stage, name, () -> nodes.burst(jobs));
  }

  static List<DrainFigures> repeat(Stage stage, String name, Supplier<DrainFigures> once) {
    List<DrainFigures> runs = new ArrayList<>();
    for (int run = 0; run < stage.options().runs(); run++) {
      DrainFigures figures = once.get();
      figures.remark(stage.page(), name);
      runs.add(figures);
    }
    return runs;
  }
}
