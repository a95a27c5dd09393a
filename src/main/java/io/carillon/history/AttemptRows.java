package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code attempt} rows. Stateless. */
final class AttemptRows {
  private AttemptRows() {}

  /** A row as it is written. */
  record Row(
      ExecutionId id,
      int n,
      String node,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Integer httpStatus,
      @Nullable String reason,
      @Nullable String error,
      boolean counted) {}

  /**
   * Inserts rows. One that is there is replaced if it does not count (the attempt was taken for
   * lost, and this is what became of it); one that counts is an outcome and stays.
   */
  static void write(Connection connection, List<Row> rows) throws SQLException {
    for (List<Row> chunk : Chunks.of(rows)) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Row row : chunk) {
        values.addAll(
            Arrays.asList(
                row.id().value(),
                row.n(),
                row.id().scheduledAt(),
                row.node(),
                row.startedAt(),
                row.finishedAt(),
                row.httpStatus(),
                row.reason(),
                row.error(),
                row.counted()));
      }
      Sql.update(
          connection,
          """
          INSERT INTO attempt (execution_id, n, scheduled_at, node, started_at, finished_at,
            http_status, reason, error, counted)
          VALUES %s
          ON DUPLICATE KEY UPDATE
            started_at = IF(counted, started_at, VALUES(started_at)),
            finished_at = IF(counted, finished_at, VALUES(finished_at)),
            http_status = IF(counted, http_status, VALUES(http_status)),
            reason = IF(counted, reason, VALUES(reason)),
            error = IF(counted, error, VALUES(error))
          """
              .formatted(Sql.rows(chunk.size(), 10)),
          values);
    }
  }
}
