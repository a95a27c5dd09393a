package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One way to create jobs, measured several times after a warm-up.
 *
 * @param rates jobs per second, one for each run
 * @param statementsPerJob over all runs
 * @param databaseMillisPerThousand processor time of the database for 1,000 jobs, over all runs
 */
record Creation(
    String name,
    String key,
    List<Double> rates,
    double statementsPerJob,
    double databaseMillisPerThousand) {

  /**
   * Creates the jobs once to warm up, and then as often as the options say.
   *
   * @param make creates so many jobs
   */
  static Creation measure(
      Stage stage, String name, String key, int jobs, IntFunction<Slices.Created> make) {
    return measure(stage, name, key, jobs, jobs, make);
  }

  /**
   * The same with a warm-up of its own.
   *
   * @param warmUp how many are created before the first run
   */
  static Creation measure(
      Stage stage,
      String name,
      String key,
      int warmUp,
      int jobs,
      IntFunction<Slices.Created> make) {
    make.apply(warmUp);
    Reading before = Reading.take(stage.database(), List.of());
    List<Double> rates = new ArrayList<>();
    for (int run = 0; run < stage.options().runs(); run++) {
      rates.add(make.apply(jobs).rate());
    }
    Reading used = Reading.take(stage.database(), List.of()).since(before);
    double all = (double) jobs * rates.size();
    Creation creation =
        new Creation(name, key, rates, used.statements() / all, 1000 * used.databaseMillis() / all);
    stage
        .page()
        .remark(
            "%s: %,.0f/s; per job %.2f statements; per 1,000 jobs %.0f ms of the database",
            name, creation.rate(), creation.statementsPerJob, creation.databaseMillisPerThousand);
    return creation;
  }

  /** The median of the runs. */
  double rate() {
    return Median.of(rates, rate -> rate);
  }

  static void table(Page page, List<Creation> creations) {
    page.row("", "jobs/s", "of runs", "statements/job", "db ms/1,000");
    for (Creation one : creations) {
      List<Long> runs = one.rates.stream().map(Math::round).toList();
      page.row(one.name, one.rate(), runs, one.statementsPerJob, one.databaseMillisPerThousand);
    }
    page.table();
  }
}
