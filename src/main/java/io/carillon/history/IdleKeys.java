package io.carillon.history;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Takes away keys of jobs that are finished or gone, when nobody will send the create again by
 * which they were taken: a walk over all keys in turns. For one thread.
 */
final class IdleKeys implements OldRows {
  /** Nobody who asks for it would find its job worth a look. */
  private static final String IDLE =
      """
      expires_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM job
        WHERE job.namespace = job_key.namespace AND job.id = job_key.job_id
          AND (job.state IN ('ACTIVE', 'PAUSED') OR job.finished_at > ?))""";

  private final Before before;
  private final Deque<Lane> lanes = new ArrayDeque<>();
  private boolean wanted = true;

  /** Keys of one kind; {@code after} is the last that was looked at. */
  private record Lane(String namespace, String kind, String after) {}

  private record Found(String hash, boolean idle) {}

  /**
   * @param before keys of jobs that finished until then are idle
   */
  IdleKeys(Before before) {
    this.before = before;
  }

  @Override
  public void again() {
    wanted = true;
  }

  @Override
  public Page next(Connection connection, Instant now) throws SQLException {
    if (lanes.isEmpty() && wanted) {
      wanted = false;
      lanes.addAll(
          Sql.query(
              connection,
              "SELECT DISTINCT namespace, kind FROM job_key",
              row -> new Lane(row.getString("namespace"), row.getString("kind"), "")));
    }
    if (lanes.isEmpty()) {
      return Page.NOTHING;
    }
    Lane lane = lanes.remove();
    Instant finished = before.of(now);
    List<Found> found = page(connection, lane, finished);
    if (found.size() == PAGE) {
      String last = found.get(PAGE - 1).hash();
      lanes.addFirst(new Lane(lane.namespace(), lane.kind(), last));
    }
    List<String> idle = found.stream().filter(Found::idle).map(Found::hash).toList();
    return new Page(delete(connection, lane, idle, finished), !lanes.isEmpty());
  }

  /** By primary key, and that of {@code job}; without locks. */
  private static List<Found> page(Connection connection, Lane lane, Instant finished)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT key_hash, (%s) AS idle
        FROM job_key FORCE INDEX (PRIMARY)
        WHERE namespace = ? AND kind = ? AND key_hash > ?
        ORDER BY key_hash
        LIMIT %d
        """
            .formatted(IDLE, PAGE),
        row -> new Found(row.getString("key_hash"), row.getBoolean("idle")),
        finished,
        lane.namespace(),
        lane.kind(),
        lane.after());
  }

  private static int delete(Connection connection, Lane lane, List<String> hashes, Instant finished)
      throws SQLException {
    if (hashes.isEmpty()) {
      return 0;
    }
    List<Object> values = new ArrayList<>(List.of(lane.namespace(), lane.kind()));
    Sql.pad(values, hashes);
    values.add(finished);
    return Sql.update(
        connection,
        """
        DELETE FROM job_key
        WHERE namespace = ? AND kind = ? AND key_hash IN (%s) AND %s
        """
            .formatted(Sql.paddedPlaces(hashes.size()), IDLE),
        values);
  }
}
