package io.carillon;

import io.carillon.config.HistoryConfig;
import io.carillon.db.Database;
import io.carillon.history.Partitions;
import io.carillon.history.Retention;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Puts together what makes room for history and takes away what is old. */
final class Keeping {
  private static final Duration DAYS = Duration.ofHours(1);

  /** Retention itself says when it rests. */
  private static final Duration ROWS = Duration.ofSeconds(1);

  private Keeping() {}

  static void start(
      HistoryConfig history, Database database, Supplier<String> node, Duties duties) {
    InstantSource clock = InstantSource.system();
    Partitions partitions = new Partitions(database.dataSource(), clock);
    Retention retention =
        new Retention(
            database.dataSource(),
            clock,
            new Retention.Kept(history.retention(), history.deadLetters()),
            node);
    duties.every(DAYS, "making partitions", partitions::runOnce);
    duties.every(DAYS, "retention", retention::runOnce);
    duties.every(ROWS, "taking away old rows", retention::goOn);
  }
}
