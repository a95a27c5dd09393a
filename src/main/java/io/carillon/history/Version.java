package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a definition was in force, and how far its plan had come when another took its place.
 *
 * @param end null while it is in force
 */
record Version(long number, int generation, Instant from, @Nullable End end) {

  /**
   * How a definition ended.
   *
   * @param in the job's state then; null if it was not noted
   * @param overAt when the job was over already, if it was
   * @param runs fired by then under the generation
   * @param last the latest instant fired or skipped by then under any generation
   */
  record End(
      Instant at,
      @Nullable JobState in,
      @Nullable Instant overAt,
      long runs,
      @Nullable Instant last) {}

  static Version read(ResultSet row) throws SQLException {
    Instant to = Sql.instant(row, "valid_to");
    String state = row.getString("ended_in");
    return new Version(
        row.getLong("version"),
        row.getInt("generation"),
        Objects.requireNonNull(Sql.instant(row, "valid_from")),
        to == null
            ? null
            : new End(
                to,
                state == null ? null : JobState.valueOf(state),
                Sql.instant(row, "ended_at"),
                row.getLong("ended_runs"),
                Sql.instant(row, "ended_last")));
  }
}
