package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;

/** Jobs of a later day, stored before a measurement so that tables are as large as in use. */
final class Stored {
  private static final Duration LATER = Duration.ofDays(1);
  private static final int SLICE = 100_000;

  private Stored() {}

  /** Creates so many over HTTP, spread over an hour that is a day away. */
  static void fill(Stage stage, CarillonNodes nodes, int jobs) {
    Instant from = Pause.now().plus(LATER);
    JobMaker maker = new JobMaker(nodes.ports(), n -> Drain.NOOP, true);
    for (int begin = 0; begin < jobs; begin += SLICE) {
      int slice = Math.min(SLICE, jobs - begin);
      int offset = begin;
      Slices.Created created =
          maker.at(
              n -> from.plusMillis((offset + n) * 3_600_000L / jobs),
              slice,
              Burst.CALLERS,
              Burst.BATCH);
      stage.page().remark("stored %,d of %,d jobs, %,.0f/s", begin + slice, jobs, created.rate());
    }
  }
}
