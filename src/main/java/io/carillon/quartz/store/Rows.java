package io.carillon.quartz.store;

import java.util.Set;

/** Quartz's rows, as the steps work on them. */
record Rows(
    TriggerRows triggers,
    DueLook look,
    DueClasses classes,
    TriggerChanges changes,
    JobRows jobs,
    FiredRows fired,
    FiredMarks marks,
    QueueTriggers queues) {
  static Rows of(Tables tables, Set<String> jobClasses) {
    TriggerRows triggers = new TriggerRows(tables);
    return new Rows(
        triggers,
        new DueLook(tables),
        new DueClasses(tables, triggers),
        new TriggerChanges(tables),
        new JobRows(tables, jobClasses),
        new FiredRows(tables),
        new FiredMarks(tables),
        new QueueTriggers(tables));
  }
}
