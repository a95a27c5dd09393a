package io.carillon.following;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Followed;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.NewJob;
import io.carillon.execution.Follower.NewRun;
import io.carillon.execution.Follower.Refused;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What followed what, for whoever asks; kept as long as history is. Thread-safe. */
public final class FollowerTable implements Followed.Reader {
  private static final int AT_ONCE = 1_000;

  /** Other duties wait for so long. */
  private static final Duration TURN = Duration.ofMillis(250);

  private final DataSource database;
  private final Duration retention;
  private final InstantSource clock;

  /**
   * @param retention of history
   */
  public FollowerTable(DataSource database, Duration retention, InstantSource clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
  }

  static void insert(Connection connection, Collection<? extends Follower> followers, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    followers.forEach(follower -> rows.add(row(follower, now)));
    Sql.insert(
        connection,
        """
        INSERT INTO follower (source, place, namespace, job_id, execution_id, code, detail, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE job_id = VALUES(job_id), execution_id = VALUES(execution_id),
          code = VALUES(code), detail = VALUES(detail), at = VALUES(at)
        """,
        rows);
  }

  /** The causes of which something has followed already: an execution can end a second time. */
  static Set<Cause> followed(Connection connection, Collection<ExecutionId> sources)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    Sql.pad(values, sources.stream().map(ExecutionId::value).toList());
    return new HashSet<>(
        Sql.query(
            connection,
            """
            SELECT namespace, source, place
            FROM follower
            WHERE source IN (%s) AND code IS NULL
            """
                .formatted(Sql.paddedPlaces(sources.size())),
            row ->
                new Cause(
                    row.getString("namespace"), row.getString("source"), row.getString("place")),
            values));
  }

  private static List<@Nullable Object> row(Follower follower, Instant now) {
    Refused refused = follower instanceof Refused no ? no : null;
    String job =
        follower instanceof NewJob made
            ? made.job().id().value()
            : follower instanceof NewRun run ? run.job().value() : null;
    return Arrays.asList(
        follower.cause().source(),
        follower.cause().place(),
        follower.cause().namespace(),
        job,
        follower instanceof NewRun run ? run.id().value() : null,
        refused == null ? null : refused.code(),
        refused == null ? null : refused.detail(),
        now);
  }

  /** By primary key. */
  @Override
  public List<Followed> of(String namespace, ExecutionId id) {
    try {
      return Objects.requireNonNull(
          Reconnecting.run(
              database,
              connection ->
                  Sql.query(
                      connection,
                      """
                      SELECT place, job_id, execution_id, code, detail, at
                      FROM follower
                      WHERE source = ? AND namespace = ?
                      ORDER BY place
                      """,
                      row ->
                          new Followed(
                              row.getString("place"),
                              row.getString("job_id"),
                              row.getString("execution_id"),
                              row.getString("code"),
                              row.getString("detail"),
                              Instant.ofEpochMilli(row.getLong("at"))),
                      id.value(),
                      namespace)));
    } catch (SQLException e) {
      throw new StoreUnavailable("the database does not answer", e);
    }
  }

  /**
   * Takes away what is older than history is kept, in small steps. To be called every few seconds:
   * so more can go than comes, and other duties wait for {@link #TURN} and a step.
   */
  public void removeOld() {
    Instant before = clock.instant().minus(retention);
    try {
      int gone = AT_ONCE;
      long begun = System.nanoTime();
      while (gone == AT_ONCE && System.nanoTime() - begun < TURN.toNanos()) {
        gone =
            Objects.requireNonNull(
                Reconnecting.run(
                    database,
                    connection ->
                        Sql.update(
                            connection,
                            "DELETE FROM follower WHERE at < ? LIMIT " + AT_ONCE,
                            before)));
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the database does not answer", e);
    }
  }
}
