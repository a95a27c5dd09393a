package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.LedgerMetrics;
import io.carillon.history.LedgerCheck;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A real engine, and the check with a clock of its own. */
class LedgerCheckTest {
  @AutoClose private final EngineRig rig = new EngineRig();
  private final Engine engine = rig.start();
  private final Counts counts = new Counts();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  /** In memory. */
  private static final class Counts implements LedgerMetrics {
    final AtomicLong missing = new AtomicLong();
    DoubleSupplier unbalanced = () -> -1;

    @Override
    public void ledgerMissing(long count) {
      missing.addAndGet(count);
    }

    @Override
    public void ledgerUnbalanced(DoubleSupplier jobs) {
      unbalanced = jobs;
    }
  }

  private LedgerCheck check(String node) {
    return new LedgerCheck(
        rig.database.dataSource(),
        rig.codec,
        LedgerSource.of(rig),
        counts,
        new LedgerCheck.Self(() -> node, () -> Instant.now().plus(ahead.get())),
        new LedgerCheck.Rhythm(Duration.ofMinutes(10), Duration.ZERO, Duration.ofSeconds(30)));
  }

  private JobId everySecond() {
    JobId id = newId();
    engine
        .jobs()
        .create(
            job(
                id,
                new Schedule.FixedRate(Duration.ofSeconds(1), Limits.NONE),
                RetryPolicy.none()));
    return id;
  }

  private void takeAwayTheFirst(JobId id) {
    await().atMost(PATIENCE).until(() -> rig.target.arrivalsOf(id).size() >= 2);
    rig.update(
        "DELETE FROM execution WHERE job_id = ? AND scheduled_at = ?",
        id.value(),
        rig.target.arrivalsOf(id).get(0).scheduledAt().toEpochMilli());
  }

  @Test
  void what_is_missing_is_told_once_after_a_second_look() {
    JobId damaged = everySecond();
    everySecond();
    engine.jobs().create(job(newId(), Samples.in(Duration.ofHours(1)), RetryPolicy.none()));
    takeAwayTheFirst(damaged);
    LedgerCheck check = check(engine.lease().instanceName());

    check.runOnce();
    check.runOnce();
    assertThat(counts.missing).as("not before it was looked at again").hasValue(0);

    ahead.set(Duration.ofSeconds(31));
    check.runOnce();
    assertThat(counts.missing).hasValue(1);
    assertThat(counts.unbalanced.getAsDouble()).isEqualTo(1);

    ahead.set(Duration.ofMinutes(11));
    check.runOnce();
    ahead.set(Duration.ofMinutes(12));
    check.runOnce();
    assertThat(counts.missing).as("the next lap begins where this one ended").hasValue(1);

    ahead.set(Duration.ofHours(25));
    check.runOnce();
    assertThat(counts.unbalanced.getAsDouble()).isZero();
  }

  @Test
  void a_node_that_is_not_the_oldest_leaves_it_to_that_one() {
    takeAwayTheFirst(everySecond());
    LedgerCheck check = check("another");

    check.runOnce();
    ahead.set(Duration.ofSeconds(31));
    check.runOnce();

    assertThat(counts.missing).hasValue(0);
  }
}
