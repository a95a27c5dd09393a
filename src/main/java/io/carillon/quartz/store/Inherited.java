package io.carillon.quartz.store;

import org.jspecify.annotations.Nullable;

/**
 * Where the engine and Quartz's own code meet: what that code needs to know of the engine, and its
 * single steps, which are known once a store of Quartz's is bound. Thread-safe.
 */
final class Inherited {
  private final Tables tables;
  private final JobsByQuartz jobs;
  private volatile @Nullable QuartzSteps steps;

  Inherited(Tables tables, JobsByQuartz jobs) {
    this.tables = tables;
    this.jobs = jobs;
  }

  Tables tables() {
    return tables;
  }

  /** Keeps our rows true when Quartz's own code changes jobs. */
  JobsByQuartz jobs() {
    return jobs;
  }

  /** Hands over Quartz's own code; before anything fires. */
  void use(QuartzSteps quartz) {
    steps = quartz;
  }

  QuartzSteps steps() {
    QuartzSteps known = steps;
    if (known == null) {
      throw new IllegalStateException("no store of Quartz's is bound to this engine");
    }
    return known;
  }
}
