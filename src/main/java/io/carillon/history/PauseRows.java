package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notes in {@code job} rows which planned instants fall into a pause. Stateless. */
final class PauseRows {
  private PauseRows() {}

  /** If the instants of the last pause are not all written yet, the two become one. */
  static void begin(Connection connection, JobId id, @Nullable Instant next, Instant now)
      throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE job
        SET passed_from = IF(passed_reason = ? AND passed_to > ?, passed_from, ?), passed_to = NULL,
          passed_reason = ?
        WHERE namespace = ? AND id = ? AND (passed_to IS NOT NULL OR passed_from IS NULL)
        """,
        Reasons.PAUSED,
        next == null ? now : next,
        now,
        Reasons.PAUSED,
        id.namespace(),
        id.value());
  }

  static void end(Connection connection, JobId id, boolean forgotten, Instant now)
      throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE job
        SET passed_from = IF(?, NULL, passed_from), passed_to = IF(?, NULL, ?),
          passed_reason = IF(?, NULL, passed_reason)
        WHERE namespace = ? AND id = ? AND passed_reason = ? AND passed_to IS NULL
        """,
        forgotten,
        forgotten,
        now,
        forgotten,
        id.namespace(),
        id.value(),
        Reasons.PAUSED);
  }
}
