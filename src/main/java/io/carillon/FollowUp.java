package io.carillon;

import io.carillon.config.Configuration;
import io.carillon.db.Database;
import io.carillon.execution.Followed;
import io.carillon.execution.Following;
import io.carillon.following.FollowerTable;
import io.carillon.following.Followers;
import io.carillon.history.LinkedRunRows;
import io.carillon.job.TargetRules;
import io.carillon.quartz.Engine;
import io.carillon.task.TaskTable;
import java.time.Duration;
import java.time.InstantSource;

/** Puts together what starts because something has ended. */
final class FollowUp {
  private static final Duration GROUPS = Duration.ofSeconds(3);
  private static final Duration RETENTION = Duration.ofSeconds(5);

  private FollowUp() {}

  /** What the engine asks when executions end. */
  static Following rules(TargetRules targets) {
    return new Followers(new LinkedRunRows(), new TaskTable(new SpecCodec()), targets);
  }

  /** What followed what; from now on groups are looked after among the duties. */
  static Followed.Reader start(
      Configuration configuration, Database database, Engine engine, Duties duties) {
    FollowerTable table =
        new FollowerTable(
            database.dataSource(), configuration.history().retention(), InstantSource.system());
    duties.every(GROUPS, "tending groups", engine::tendGroups);
    duties.every(RETENTION, "removing old followers", table::removeOld);
    return table;
  }
}
