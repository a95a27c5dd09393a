package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.StoreParticipant.Standing;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how executions stand, for whoever puts right what disagrees with them. Stateless. */
final class StandingRows {
  private StandingRows() {}

  /** By primary key, in the partitions of the instants. */
  static Map<ExecutionId, Standing> lock(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Map<ExecutionId, Standing> found = new HashMap<>();
    for (List<ExecutionId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.<@Nullable Standing>query(
          connection,
          """
          SELECT id, namespace, job_id, queue, state, attempt, next_attempt_at, request
          FROM execution FORCE INDEX (PRIMARY)
          WHERE %s
          ORDER BY id
          FOR UPDATE
          """
              .formatted(keys.condition()),
          row -> {
            Standing standing = read(row);
            return standing == null
                ? null
                : found.put(new ExecutionId(row.getString("id")), standing);
          },
          keys.values());
    }
    return found;
  }

  /** Null if no node could run it: a state that is none, or a request that cannot be read. */
  private static @Nullable Standing read(ResultSet row) throws SQLException {
    ExecutionState state;
    try {
      state = ExecutionState.valueOf(row.getString("state"));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (RunRequest.read(row.getString("request")) == null) {
      return null;
    }
    return new Standing(
        new JobId(row.getString("namespace"), row.getString("job_id")),
        row.getString("queue"),
        state,
        row.getInt("attempt"),
        Sql.instant(row, "next_attempt_at"));
  }
}
