package io.carillon;

import io.carillon.config.HistoryConfig;
import io.carillon.db.Database;
import io.carillon.history.Partitions;
import io.carillon.history.Retention;
import java.time.Duration;
import java.time.InstantSource;

/** Puts together what makes room for history and takes away what is old. */
final class Keeping {
  private static final Duration TURN = Duration.ofHours(1);

  private Keeping() {}

  static void start(HistoryConfig history, Database database, Duties duties) {
    InstantSource clock = InstantSource.system();
    Partitions partitions = new Partitions(database.dataSource(), clock);
    Retention retention =
        new Retention(database.dataSource(), clock, history.retention(), history.deadLetters());
    duties.every(TURN, "making partitions", partitions::runOnce);
    duties.every(TURN, "retention", retention::runOnce);
  }
}
