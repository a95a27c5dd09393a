package io.carillon.quartz;

import io.carillon.execution.PlanPositions;
import io.carillon.history.LedgerQueries;
import io.carillon.job.Calendars;
import io.carillon.quartz.store.StandingPlans;
import java.time.Duration;
import java.time.InstantSource;

/** The ledgers of a rig, with a week of history. */
final class LedgerSource {
  static final PlanPositions PLANS = new StandingPlans("QRTZ_", "carillon");

  private LedgerSource() {}

  static LedgerQueries of(EngineRig rig) {
    return of(rig, Calendars.NONE, PLANS);
  }

  static LedgerQueries of(EngineRig rig, Calendars calendars, PlanPositions plans) {
    return of(rig, calendars, plans, InstantSource.system());
  }

  static LedgerQueries of(
      EngineRig rig, Calendars calendars, PlanPositions plans, InstantSource clock) {
    return new LedgerQueries(
        rig.database.dataSource(),
        rig.codec,
        calendars,
        plans,
        new LedgerQueries.Span(Duration.ofDays(7), clock));
  }
}
