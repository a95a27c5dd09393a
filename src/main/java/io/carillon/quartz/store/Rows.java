package io.carillon.quartz.store;

import java.util.Set;

/** Quartz's rows, as the steps work on them. */
record Rows(
    TriggerRows triggers, TriggerChanges changes, JobRows jobs, FiredRows fired, FiredMarks marks) {
  static Rows of(Tables tables, Set<String> jobClasses) {
    return new Rows(
        new TriggerRows(tables),
        new TriggerChanges(tables),
        new JobRows(tables, jobClasses),
        new FiredRows(tables),
        new FiredMarks(tables));
  }
}
