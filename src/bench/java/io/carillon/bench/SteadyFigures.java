package io.carillon.bench;

/**
 * How punctual jobs were that fell due one after the other.
 *
 * @param perSecond how many
 * @param lateness of each call against its planned instant: when it began, or when it reached its
 *     target where there is one
 * @param cost what they took
 */
record SteadyFigures(int perSecond, Spread lateness, DrainFigures cost) {

  static void head(Page page) {
    page.row(
        "",
        "jobs/s",
        "jobs",
        "p50 ms",
        "p99 ms",
        "max ms",
        "statements/job",
        "db ms/1,000",
        "nodes ms/1,000");
  }

  void row(Page page, String name) {
    page.row(
        name,
        perSecond,
        cost.jobs(),
        lateness.p50(),
        lateness.p99(),
        lateness.max(),
        cost.statementsPerJob(),
        cost.databaseMillisPerThousand(),
        cost.nodeMillisPerThousand());
  }
}
