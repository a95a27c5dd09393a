package io.carillon.quartz.store;

/** Quartz's rows, as the steps work on them. */
record Rows(TriggerRows triggers, TriggerChanges changes, JobRows jobs, FiredRows fired) {
  static Rows of(Tables tables) {
    return new Rows(
        new TriggerRows(tables),
        new TriggerChanges(tables),
        new JobRows(tables),
        new FiredRows(tables));
  }
}
