package io.carillon;

import io.carillon.db.Database;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.Redrives;
import io.carillon.history.DeadLetterQueries;
import io.carillon.history.DeadLetterRows;
import io.carillon.history.JobKeyRows;
import io.carillon.job.Resealing;
import io.carillon.quartz.Engine;

/** Puts together what belongs to keys of jobs and to dead letters. */
final class Letters {
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

  void arrive(Database database, Engine engine) {
    letters.arrive(new DeadLetterQueries(database.dataSource()));
    redrives.arrive(engine.redrives());
  }
}
