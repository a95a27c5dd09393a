package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.LedgerRow;
import io.carillon.execution.Ledgers;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an account of a job's planned instants is drawn up from. Stateless. */
final class LedgerRows {
  /** Planned ones and those by hand. */
  private static final int MOST_ROWS = 2 * Ledgers.MOST_INSTANTS;

  private LedgerRows() {}

  /**
   * The executions of a range, and skipped ones from earlier that day which reach into it. One
   * statement: index execution_by_job, in the partitions of the range.
   */
  static List<LedgerRow> executions(Connection connection, JobId id, Instant from, Instant to)
      throws SQLException {
    Instant day = from.truncatedTo(ChronoUnit.DAYS);
    List<LedgerRow> rows =
        Sql.query(
            connection,
            """
            SELECT id, generation, state, reason, span_to, span_count
            FROM execution FORCE INDEX (execution_by_job)
            WHERE namespace = ? AND job_id = ? AND id >= ? AND id < ?
              AND scheduled_at >= ? AND scheduled_at < ?
              AND (scheduled_at >= ? OR span_to >= ?)
            LIMIT ?
            """,
            row -> row(row, id),
            id.namespace(),
            id.value(),
            ExecutionQueries.firstId(day.toEpochMilli()),
            ExecutionQueries.firstId(to.toEpochMilli()),
            day,
            to,
            from,
            from,
            MOST_ROWS + 1);
    if (rows.size() > MOST_ROWS) {
      throw new Ledgers.TooManyInstants();
    }
    return rows;
  }

  private static LedgerRow row(ResultSet row, JobId job) throws SQLException {
    ExecutionId id = new ExecutionId(row.getString("id"));
    int generation = row.getInt("generation");
    Instant from = id.scheduledAt();
    Instant to = Sql.instant(row, "span_to");
    Integer count = Sql.integer(row, "span_count");
    return new LedgerRow(
        generation,
        id.equals(ExecutionId.planned(job, generation, from)),
        ExecutionState.valueOf(row.getString("state")),
        row.getString("reason"),
        from,
        to == null ? from : to,
        count == null ? 1 : count);
  }

  /** In order, without their texts; none of a job that has had one definition. Primary key. */
  static List<Version> versions(Connection connection, JobId id) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT version, generation, valid_from, valid_to, ended_in, ended_at, ended_runs, ended_last
        FROM job_version
        WHERE namespace = ? AND id = ?
        ORDER BY version
        """,
        Version::read,
        id.namespace(),
        id.value());
  }

  /** The definitions of some versions, by number; one that cannot be read fails. Primary key. */
  static Map<Long, Job> definitions(
      Connection connection, JobId id, Collection<Long> versions, JobCodec codec)
      throws SQLException {
    Map<Long, Job> jobs = new HashMap<>();
    for (List<Long> chunk : Chunks.of(versions)) {
      List<@Nullable Object> values = new ArrayList<>(List.of(id.namespace(), id.value()));
      Sql.pad(values, chunk);
      Sql.query(
          connection,
          """
          SELECT version, spec FROM job_version
          WHERE namespace = ? AND id = ? AND version IN (%s)
          """
              .formatted(Sql.paddedPlaces(chunk.size())),
          row -> jobs.put(row.getLong("version"), codec.parse(id, row.getString("spec"))),
          values);
    }
    return jobs;
  }
}
