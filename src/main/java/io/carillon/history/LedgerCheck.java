package io.carillon.history;

import io.carillon.execution.Ledger;
import io.carillon.execution.LedgerMetrics;
import io.carillon.execution.Ledgers;
import io.carillon.execution.Ledgers.TooManyInstants;
import io.carillon.history.LedgerWalk.Found;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A duty, due every few seconds: draws up the ledgers of all recurring jobs, lap by lap, each over
 * the time since the lap before (the first over 24 hours) up to two minutes ago, and tells what is
 * missing: metric and log line. What is found missing is looked at once more before anything is
 * said. On one node at a time, the oldest of the cluster, which so can keep in memory how far it
 * has come. A turn takes a third of a second at most. Used by one thread; the metric may be read by
 * any.
 */
public final class LedgerCheck {
  private static final Logger log = LoggerFactory.getLogger(LedgerCheck.class);

  private static final Duration REMEMBERED = Duration.ofHours(24);
  private static final Duration TURN = Duration.ofMillis(300);
  private static final int MOST_SUSPECTS = 1_000;
  private static final int MOST_TOLD = 10_000;
  private static final int MOST_NAMED = 5;

  private final DataSource database;
  private final JobCodec codec;
  private final Ledgers ledgers;
  private final LedgerMetrics metrics;
  private final Self self;
  private final Rhythm rhythm;

  // The thread of the duties alone.
  private final Deque<Suspect> suspects = new ArrayDeque<>();
  private final Map<JobId, Instant> told = new LinkedHashMap<>();
  private @Nullable Lap lap;

  private volatile int unbalanced;

  /**
   * This node.
   *
   * @param name its instance name at the moment
   */
  public record Self(Supplier<String> name, InstantSource clock) {}

  /**
   * When what is looked at.
   *
   * @param lap a lap begins so long after the one before, or when that has ended
   * @param settled instants younger than this are left to the next lap
   * @param again before anything is said, it is looked at again so much later
   */
  public record Rhythm(Duration lap, Duration settled, Duration again) {
    public static final Rhythm STANDARD =
        new Rhythm(Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofSeconds(30));
  }

  /** One time over all jobs, for instants from one to another. */
  private record Lap(LedgerWalk walk, Instant begun, Instant from, Instant to) {}

  /** Something was missing. */
  private record Suspect(JobId id, Instant from, Instant to, Instant seen) {}

  public LedgerCheck(
      DataSource database,
      JobCodec codec,
      Ledgers ledgers,
      LedgerMetrics metrics,
      Self self,
      Rhythm rhythm) {
    this.database = database;
    this.codec = codec;
    this.ledgers = ledgers;
    this.metrics = metrics;
    this.self = self;
    this.rhythm = rhythm;
    metrics.ledgerUnbalanced(() -> unbalanced);
  }

  /**
   * A turn.
   *
   * @throws io.carillon.job.JobExceptions.StoreUnavailable if the database is away
   */
  public void runOnce() {
    Instant now = self.clock().instant();
    long end = System.nanoTime() + TURN.toNanos();
    told.values().removeIf(when -> when.isBefore(now.minus(REMEMBERED)));
    unbalanced = told.size();
    if (!isOurs()) {
      lap = null;
      suspects.clear();
      return;
    }
    lookAgain(now, end);
    Lap current = lap(now);
    while (!current.walk().isOver() && System.nanoTime() < end) {
      for (Found found : Reading.read(database, "jobs to check", current.walk()::next)) {
        if (System.nanoTime() >= end) {
          return;
        }
        if (found.recurring()) {
          check(found.id(), current.from(), current.to(), now);
        }
        current.walk().passed(found.id());
      }
    }
  }

  private boolean isOurs() {
    String name = self.name().get();
    return Reading.<Boolean>read(
        database, "whose turn it is", connection -> OldestNode.is(connection, name));
  }

  private Lap lap(Instant now) {
    Lap current = lap;
    if (current == null
        || current.walk().isOver() && !now.isBefore(current.begun().plus(rhythm.lap()))) {
      LedgerWalk walk =
          Reading.read(
              database, "jobs to check", connection -> LedgerWalk.begin(connection, codec));
      Instant from = current == null ? now.minus(REMEMBERED) : current.to();
      current = new Lap(walk, now, from, now.minus(rhythm.settled()));
      lap = current;
    }
    return current;
  }

  private void check(JobId id, Instant from, Instant to, Instant now) {
    if (!from.isBefore(to)) {
      return;
    }
    Ledger ledger = ledger(id, from, to);
    if (ledger != null && !ledger.balanced() && suspects.size() < MOST_SUSPECTS) {
      suspects.add(new Suspect(id, from, to, now));
    }
  }

  /** Null if nothing can be told. */
  private @Nullable Ledger ledger(JobId id, Instant from, Instant to) {
    try {
      return ledgers.of(id, from, to);
    } catch (UnknownJob | TooManyInstants | IllegalStateException e) {
      log.debug("no ledger of job {}: {}", id, e.getMessage());
      return null;
    }
  }

  private void lookAgain(Instant now, long end) {
    while (!suspects.isEmpty()
        && !now.isBefore(suspects.element().seen().plus(rhythm.again()))
        && System.nanoTime() < end) {
      Suspect suspect = suspects.element();
      Ledger ledger = ledger(suspect.id(), suspect.from(), suspect.to());
      suspects.remove();
      if (ledger != null && !ledger.balanced()) {
        tell(suspect, ledger, now);
      }
    }
  }

  private void tell(Suspect suspect, Ledger ledger, Instant now) {
    List<Instant> missing = ledger.missing();
    metrics.ledgerMissing(ledger.missingCount());
    if (told.size() < MOST_TOLD) {
      told.put(suspect.id(), now);
    }
    unbalanced = told.size();
    log.warn(
        "the ledger of job {} does not add up: of {} planned instants between {} and {} nothing is known, the first: {}",
        suspect.id().value(),
        ledger.missingCount(),
        ledger.from(),
        ledger.to(),
        missing.subList(0, Math.min(MOST_NAMED, missing.size())));
  }
}
