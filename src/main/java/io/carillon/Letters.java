package io.carillon;

import io.carillon.db.Database;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.Redrives;
import io.carillon.history.DeadLetterQueries;
import io.carillon.history.DeadLetterRows;
import io.carillon.history.JobKeyRows;
import io.carillon.job.Resealing;
import io.carillon.metrics.Metrics;
import io.carillon.quartz.Engine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts together what belongs to keys of jobs and to dead letters. */
final class Letters {
  private static final Duration TURN = Duration.ofMinutes(1);

  /** Some tens of milliseconds. */
  private static final int MOST_COUNTED = 100_000;

  private final Late<DeadLetters> letters = new Late<>(DeadLetters.class);
  private final Late<Redrives> redrives = new Late<>(Redrives.class);

  /** What the engine reads and writes of them. */
  static Engine.Intake rows(Resealing resealing) {
    return new Engine.Intake(new JobKeyRows(), new DeadLetterRows(), resealing);
  }

  DeadLetters letters() {
    return letters.port();
  }

  Redrives redrives() {
    return redrives.port();
  }

  /** From now on they are counted among the duties. */
  void arrive(Database database, Engine engine, Metrics metrics, Duties duties) {
    DeadLetterQueries queries = new DeadLetterQueries(database.dataSource());
    letters.arrive(queries);
    redrives.arrive(engine.redrives());
    AtomicInteger count = new AtomicInteger();
    metrics.deadLetters(count::get);
    duties.every(TURN, "counting dead letters", () -> count.set(queries.count(MOST_COUNTED)));
  }
}
