package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over all jobs that are ACTIVE or PAUSED, some at a time, by index job_by_state: those
 * that are over, however many, are never read. One use, one thread.
 */
final class LedgerWalk {
  private static final int AT_ONCE = 500;

  /** Longer definitions are not read here; they count as recurring. */
  private static final int SHORT = 8_192;

  private final JobCodec codec;
  private final Deque<Lane> lanes = new ArrayDeque<>();

  /** Jobs of one state; {@code after} is the last that was looked at. */
  private record Lane(String namespace, JobState state, String after) {}

  /**
   * A job.
   *
   * @param recurring whether its schedule can fire more than once
   */
  record Found(JobId id, boolean recurring) {}

  private LedgerWalk(JobCodec codec) {
    this.codec = codec;
  }

  static LedgerWalk begin(Connection connection, JobCodec codec) throws SQLException {
    LedgerWalk walk = new LedgerWalk(codec);
    for (String namespace :
        Sql.query(connection, "SELECT DISTINCT namespace FROM job", row -> row.getString(1))) {
      walk.lanes.add(new Lane(namespace, JobState.ACTIVE, ""));
      walk.lanes.add(new Lane(namespace, JobState.PAUSED, ""));
    }
    return walk;
  }

  boolean isOver() {
    return lanes.isEmpty();
  }

  /** The next ones; empty at the end of a state. One statement. */
  List<Found> next(Connection connection) throws SQLException {
    Lane lane = lanes.element();
    List<Found> found =
        Sql.query(
            connection,
            """
            SELECT namespace, id, IF(LENGTH(spec) <= %d, spec, NULL) AS spec
            FROM job FORCE INDEX (job_by_state)
            WHERE namespace = ? AND state = ? AND finished_at IS NULL AND id > ?
            ORDER BY id
            LIMIT %d
            """
                .formatted(SHORT, AT_ONCE),
            this::found,
            lane.namespace(),
            lane.state(),
            lane.after());
    if (found.isEmpty()) {
      lanes.remove();
    }
    return found;
  }

  /** Goes on behind a job. */
  void passed(JobId id) {
    Lane lane = lanes.remove();
    lanes.addFirst(new Lane(lane.namespace(), lane.state(), id.value()));
  }

  private Found found(ResultSet row) throws SQLException {
    JobId id = new JobId(row.getString("namespace"), row.getString("id"));
    return new Found(id, isRecurring(id, row.getString("spec")));
  }

  private boolean isRecurring(JobId id, @Nullable String spec) {
    try {
      return spec == null || codec.parse(id, spec).schedule().recurring();
    } catch (RuntimeException damaged) {
      // Whoever fires it says so; nothing can be told of its plan.
      return false;
    }
  }
}
