package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Answer;
import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Live;
import io.carillon.execution.Progress;
import io.carillon.execution.Skipped;
import io.carillon.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of {@code execution} and {@code attempt} as values. Stateless. */
final class ExecutionRow {
  private ExecutionRow() {}

  static Execution read(ResultSet row) throws SQLException {
    ExecutionId id = new ExecutionId(row.getString("id"));
    String response = row.getString("response");
    return new Execution(
        id,
        new JobId(row.getString("namespace"), row.getString("job_id")),
        row.getString("queue"),
        id.scheduledAt(),
        ExecutionState.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getInt("attempt"),
        row.getString("node"),
        Sql.instant(row, "fired_at"),
        Sql.instant(row, "started_at"),
        Sql.instant(row, "finished_at"),
        Sql.instant(row, "next_attempt_at"),
        Sql.integer(row, "http_status"),
        row.getString("error"),
        response == null ? null : new Answer(response, row.getBoolean("response_truncated")),
        skipped(row, id.scheduledAt()),
        row.getBoolean("dead_lettered"));
  }

  private static @Nullable Skipped skipped(ResultSet row, Instant from) throws SQLException {
    if (!row.getString("state").equals(ExecutionState.SKIPPED.name())) {
      return null;
    }
    Instant to = Sql.instant(row, "span_to");
    Integer count = Sql.integer(row, "span_count");
    return new Skipped(
        from,
        to == null ? from : to,
        count == null ? 1 : count,
        Objects.requireNonNullElse(row.getString("reason"), ""));
  }

  static Live live(ResultSet row) throws SQLException {
    Integer percent = Sql.integer(row, "progress_percent");
    Instant at = Sql.instant(row, "progress_at");
    boolean runs = row.getString("state").equals(ExecutionState.RUNNING.name());
    return new Live(
        percent == null || at == null
            ? null
            : new Progress(percent, row.getString("progress_note"), at),
        runs ? Sql.instant(row, "awaits_until") : null,
        Sql.instant(row, "cancel_requested_at"));
  }

  static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        row.getInt("n"),
        row.getString("node"),
        Objects.requireNonNull(Sql.instant(row, "started_at")),
        Sql.instant(row, "finished_at"),
        Sql.integer(row, "http_status"),
        row.getString("reason"),
        row.getString("error"),
        row.getBoolean("counted"));
  }

  /** The current or only attempt, which has no row of its own; null before the first. */
  static @Nullable Attempt attempt(Execution execution) {
    if (execution.attempt() < 1 || execution.node() == null || execution.startedAt() == null) {
      return null;
    }
    return new Attempt(
        execution.attempt(),
        execution.node(),
        execution.startedAt(),
        execution.finishedAt(),
        execution.httpStatus(),
        execution.reason(),
        execution.error(),
        true);
  }
}
