package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.LinkedRuns;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Execution rows that others follow or that follow others. Stateless, thread-safe. */
public final class LinkedRunRows implements LinkedRuns {

  /** By primary key, in the partitions of the instants. */
  @Override
  public Map<ExecutionId, Run> read(Connection connection, Collection<ExecutionId> ids)
      throws SQLException {
    Map<ExecutionId, Run> found = new HashMap<>();
    for (List<ExecutionId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.query(
          connection,
          """
          SELECT %s, execution.request
          FROM execution FORCE INDEX (PRIMARY)
          WHERE %s
          """
              .formatted(ExecutionQueries.COLUMNS, keys.condition()),
          row ->
              found.put(
                  new ExecutionId(row.getString("id")),
                  new Run(
                      ExecutionRow.read(row),
                      Objects.requireNonNullElse(
                          RunRequest.read(row.getString("request")), Map.of()))),
          keys.values());
    }
    return found;
  }

  @Override
  public Set<ExecutionId> insert(Connection connection, List<Planned> runs) throws SQLException {
    Set<ExecutionId> fresh = new LinkedHashSet<>();
    for (List<Planned> chunk : Chunks.of(runs)) {
      Set<ExecutionId> taken = taken(connection, chunk.stream().map(Planned::id).toList());
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Planned run : chunk) {
        if (!taken.contains(run.id()) && fresh.add(run.id())) {
          rows.add(row(run));
        }
      }
      Sql.insert(
          connection,
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            attempt, request)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          rows);
    }
    return fresh;
  }

  private static List<@Nullable Object> row(Planned run) throws SQLException {
    return Arrays.asList(
        run.id().value(),
        run.id().scheduledAt(),
        run.job().id().namespace(),
        run.job().id().value(),
        run.job().generation(),
        run.job().job().queue(),
        ExecutionState.QUEUED,
        0,
        RunRequest.write(run.overrides()));
  }

  private static Set<ExecutionId> taken(Connection connection, List<ExecutionId> ids)
      throws SQLException {
    Keys keys = Keys.ofExecutions("", ids);
    return new HashSet<>(
        Sql.query(
            connection,
            "SELECT id FROM execution FORCE INDEX (PRIMARY) WHERE " + keys.condition(),
            row -> new ExecutionId(row.getString(1)),
            keys.values()));
  }

  /** As the statement that cancels them. */
  @Override
  public List<ExecutionId> waiting(Connection connection, JobId job, int most) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT id FROM execution
        WHERE namespace = ? AND job_id = ? AND state IN ('SCHEDULED', 'QUEUED', 'RETRYING')
        LIMIT ?
        """,
        row -> new ExecutionId(row.getString(1)),
        job.namespace(),
        job.value(),
        most);
  }
}
