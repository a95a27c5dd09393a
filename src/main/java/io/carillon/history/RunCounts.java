package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds planned runs to the counters of their jobs, many jobs in one statement: by an UPDATE for
 * each distinct addition where there are few (jobs that are due at the same instant), else by an
 * upsert, which takes a value for each row at twice the price. Stateless.
 */
final class RunCounts {
  private static final int FEW = 3;

  private RunCounts() {}

  /**
   * What is added to one job.
   *
   * @param latest the latest of the instants
   */
  record More(int runs, Instant latest) {
    More and(More other) {
      return new More(
          runs + other.runs(), latest.isAfter(other.latest()) ? latest : other.latest());
    }
  }

  /** Adds to jobs that are there. At most three statements for up to 500 jobs. */
  static void add(Connection connection, Map<JobId, More> counted) throws SQLException {
    Map<More, List<JobId>> alike = new LinkedHashMap<>();
    counted.forEach((id, more) -> alike.computeIfAbsent(more, same -> new ArrayList<>()).add(id));
    if (alike.size() > FEW) {
      upsert(connection, counted);
      return;
    }
    for (Map.Entry<More, List<JobId>> entry : alike.entrySet()) {
      for (List<JobId> chunk : Chunks.of(entry.getValue())) {
        Keys keys = Keys.ofJobs("id", chunk);
        Sql.update(
            connection,
            """
            UPDATE job FORCE INDEX (PRIMARY)
            SET runs = runs + ?, last_scheduled_at = GREATEST(COALESCE(last_scheduled_at, 0), ?),
              skip_id = NULL
            WHERE %s
            """
                .formatted(keys.condition()),
            keys.after(entry.getKey().runs(), entry.getKey().latest()));
      }
    }
  }

  /**
   * None of the jobs can vanish meanwhile, as only jobs that were over for days are ever deleted:
   * so this never inserts.
   */
  private static void upsert(Connection connection, Map<JobId, More> counted) throws SQLException {
    for (List<Map.Entry<JobId, More>> chunk : Chunks.of(counted.entrySet())) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Map.Entry<JobId, More> entry : chunk) {
        values.addAll(
            Arrays.asList(
                entry.getKey().namespace(),
                entry.getKey().value(),
                "",
                0,
                "",
                JobState.CANCELLED,
                0,
                0,
                entry.getValue().runs(),
                entry.getValue().latest(),
                "",
                0,
                0));
      }
      Sql.update(
          connection,
          """
          INSERT INTO job (namespace, id, queue, priority, origin, state, generation, version, runs,
            last_scheduled_at, spec, created_at, updated_at)
          VALUES %s
          ON DUPLICATE KEY UPDATE runs = runs + VALUES(runs),
            last_scheduled_at = GREATEST(COALESCE(last_scheduled_at, 0), VALUES(last_scheduled_at)),
            skip_id = NULL
          """
              .formatted(Sql.rows(chunk.size(), 13)),
          values);
    }
  }
}
