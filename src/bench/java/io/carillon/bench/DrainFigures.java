package io.carillon.bench;

import java.util.List;

/**
 * What draining a backlog took.
 *
 * @param jobs how many
 * @param rate jobs per second, from the instant they were due (or the last was created) to the end
 *     of the last
 * @param lateness of each start against the planned instant; empty where it is not known
 * @param creationRate jobs per second when they were created
 */
record DrainFigures(int jobs, double rate, Spread lateness, double creationRate, Reading used) {

  double statementsPerJob() {
    return (double) used.statements() / jobs;
  }

  double syncsPerJob() {
    return (double) used.syncs() / jobs;
  }

  /** Milliseconds of a core that the database took for 1,000 jobs. */
  double databaseMillisPerThousand() {
    return 1000.0 * used.databaseMillis() / jobs;
  }

  /** Milliseconds of a core that the nodes took for 1,000 jobs. */
  double nodeMillisPerThousand() {
    return 1000.0 * used.nodeMillis() / jobs;
  }

  static void head(Page page) {
    page.row(
        "",
        "jobs",
        "jobs/s",
        "statements/job",
        "fsyncs/job",
        "db ms/1,000",
        "nodes ms/1,000",
        "created/s",
        "p99 ms");
  }

  void row(Page page, String name) {
    page.row(
        name,
        jobs,
        rate,
        statementsPerJob(),
        syncsPerJob(),
        databaseMillisPerThousand(),
        nodeMillisPerThousand(),
        creationRate,
        lateness.p99());
  }

  static void rows(Page page, String name, List<DrainFigures> runs) {
    for (int i = 0; i < runs.size(); i++) {
      runs.get(i).row(page, name + ", run " + (i + 1));
    }
  }

  /** One line for whoever watches. */
  void remark(Page page, String name) {
    page.remark(
        "%s: %,d jobs, %,.0f/s, created at %,.0f/s; per job %.3f statements; per 1,000 jobs %.0f ms"
            + " of the database, %.0f ms of the nodes",
        name,
        jobs,
        rate,
        creationRate,
        statementsPerJob(),
        databaseMillisPerThousand(),
        nodeMillisPerThousand());
  }
}
