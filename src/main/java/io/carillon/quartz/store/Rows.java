package io.carillon.quartz.store;

/** The three sets of Quartz's rows that the steps work on. */
record Rows(TriggerRows triggers, JobRows jobs, FiredRows fired) {
  static Rows of(Tables tables) {
    return new Rows(new TriggerRows(tables), new JobRows(tables), new FiredRows(tables));
  }
}
