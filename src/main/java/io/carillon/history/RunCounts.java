package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds planned runs to the counters of their jobs, many jobs in one statement. Stateless. */
final class RunCounts {
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

  /**
   * Adds to jobs that are there: none of them can vanish meanwhile, as only jobs that were over for
   * days are ever deleted. An upsert, because it takes a value for each row; it never inserts.
   */
  static void add(Connection connection, Map<JobId, More> counted) throws SQLException {
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
            last_scheduled_at = GREATEST(COALESCE(last_scheduled_at, 0), VALUES(last_scheduled_at))
          """
              .formatted(Sql.rows(chunk.size(), 13)),
          values);
    }
  }
}
