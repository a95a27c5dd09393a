package io.carillon;

import io.carillon.config.Configuration;
import io.carillon.db.Database;
import io.carillon.execution.LedgerMetrics;
import io.carillon.execution.Ledgers;
import io.carillon.history.LedgerCheck;
import io.carillon.history.LedgerQueries;
import io.carillon.job.Calendars;
import io.carillon.quartz.Engine;
import io.carillon.quartz.store.StandingPlans;
import java.time.Duration;
import java.time.InstantSource;

/** Puts together what tells whether every planned instant is accounted for. */
final class Accounting {
  private static final Duration TURN = Duration.ofSeconds(5);

  private Accounting() {}

  /** The ledgers; from now on they are checked in turns among the duties. */
  static Ledgers start(
      Configuration configuration,
      Database database,
      Engine engine,
      Calendars calendars,
      LedgerMetrics metrics,
      Duties duties) {
    InstantSource clock = InstantSource.system();
    SpecCodec codec = new SpecCodec();
    LedgerQueries ledgers =
        new LedgerQueries(
            database.dataSource(),
            codec,
            calendars,
            new StandingPlans(configuration.tablePrefix(), configuration.schedulerName()),
            new LedgerQueries.Span(configuration.history().retention(), clock));
    LedgerCheck check =
        new LedgerCheck(
            database.dataSource(),
            codec,
            ledgers,
            metrics,
            new LedgerCheck.Self(() -> engine.lease().instanceName(), clock),
            LedgerCheck.Rhythm.STANDARD);
    duties.every(TURN, "checking ledgers", check::runOnce);
    return ledgers;
  }
}
