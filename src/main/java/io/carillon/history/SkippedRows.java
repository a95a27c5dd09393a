package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Reasons;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Instants that a client does not want to be run. Stateless. */
final class SkippedRows {
  private SkippedRows() {}

  /** A look and an insert, by primary key, for up to 500; and the job's last instant. */
  static List<Instant> insert(
      Connection connection,
      StoredJob job,
      Collection<Instant> instants,
      @Nullable String wanted,
      Instant now)
      throws SQLException {
    Map<ExecutionId, Instant> ids = new LinkedHashMap<>();
    for (Instant at : instants) {
      ids.put(ExecutionId.planned(job.id(), job.generation(), at), at);
    }
    for (List<ExecutionId> chunk : Chunks.of(new ArrayList<>(ids.keySet()))) {
      ids.keySet().removeAll(present(connection, chunk));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    ids.forEach(
        (id, at) ->
            rows.add(
                Arrays.asList(
                    id.value(),
                    at,
                    job.id().namespace(),
                    job.id().value(),
                    job.generation(),
                    job.job().queue(),
                    Reasons.SKIP_REQUESTED,
                    now,
                    wanted)));
    Sql.insert(
        connection,
        """
        INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
          reason, attempt, finished_at, error)
        VALUES (?, ?, ?, ?, ?, ?, 'SKIPPED', ?, 0, ?, ?)
        """,
        rows);
    List<Instant> written = List.copyOf(ids.values());
    if (!written.isEmpty()) {
      Instant latest = written.get(written.size() - 1);
      RunCounts.add(connection, Map.of(job.id(), new RunCounts.More(0, latest)));
    }
    return written;
  }

  private static Set<ExecutionId> present(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Keys keys = Keys.ofExecutions("", ids);
    return new HashSet<>(
        Sql.query(
            connection,
            """
            SELECT id FROM execution FORCE INDEX (PRIMARY)
            WHERE %s
            """
                .formatted(keys.condition()),
            row -> new ExecutionId(row.getString(1)),
            keys.values()));
  }
}
