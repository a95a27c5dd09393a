package io.carillon.api;

import io.carillon.execution.Ledger;
import io.carillon.execution.Ledgers;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The same account of every job: one instant is missing. Ranges above 30 days are too long. */
final class FakeLedgers implements Ledgers {
  private final FakeScheduler engine;

  FakeLedgers(FakeScheduler engine) {
    this.engine = engine;
  }

  @Override
  public Ledger of(JobId id, Instant from, Instant to) {
    if (!engine.checkedJobs().containsKey(id)) {
      throw new UnknownJob(id);
    }
    if (Duration.between(from, to).compareTo(Duration.ofDays(30)) > 0) {
      throw new TooManyInstants();
    }
    return new Ledger(
        from, to, 15, 7, 1, 1, Map.of("PAUSED", 3L, "MISFIRE", 1L), 1, List.of(from), 1, 0, 2);
  }
}
