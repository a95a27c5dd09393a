package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.HostGates;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.QueueRows;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.QueueSettings.Rate;
import io.carillon.job.StoredJob.Pause;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Table {@code queue}. Thread-safe. */
public final class QueueTable implements QueueRows {
  private static final int MOST_WAITING = 100;

  private final LaneRows lanes;

  /** Of a store that calls every host. */
  public QueueTable() {
    this(HostGates.NONE);
  }

  /**
   * @param gates which hosts may be called
   */
  public QueueTable(HostGates gates) {
    this.lanes = new LimitTables(gates);
  }

  /** What {@link io.carillon.execution.HostLanes} asks for. Primary key of table {@code lane}. */
  public static void wakeHosts(Connection connection, Collection<String> hosts)
      throws SQLException {
    LimitTables.wake(connection, hosts.stream().map(Lane::host).toList());
  }

  @Override
  public LaneRows lanes() {
    return lanes;
  }

  /** Index queue_by_pause, in both parts. */
  @Override
  public QueuePauses pauses(Connection connection, Instant endedAfter) throws SQLException {
    return new QueuePauses(
        Sql.query(
            connection,
            """
            SELECT namespace, name, last_pause_from, last_pause_to
            FROM queue
            WHERE paused = TRUE
            UNION ALL
            SELECT namespace, name, last_pause_from, last_pause_to
            FROM queue
            WHERE paused = FALSE AND last_pause_to > ?
            """,
            row ->
                new QueuePauses.Pause(
                    row.getString("namespace"),
                    row.getString("name"),
                    Objects.requireNonNullElse(Sql.instant(row, "last_pause_from"), Instant.EPOCH),
                    Sql.instant(row, "last_pause_to")),
            endedAfter));
  }

  /** By primary key. */
  @Override
  public List<StoredQueue> all(Connection connection, String namespace, int most)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT * FROM queue
        WHERE namespace = ?
        ORDER BY name
        LIMIT ?
        """,
        QueueTable::read,
        namespace,
        most);
  }

  /** By primary key. */
  @Override
  public Optional<StoredQueue> find(Connection connection, String namespace, String name)
      throws SQLException {
    return Sql.queryOne(
        connection,
        """
        SELECT * FROM queue
        WHERE namespace = ? AND name = ?
        """,
        QueueTable::read,
        namespace,
        name);
  }

  @Override
  public void write(Connection connection, StoredQueue queue) throws SQLException {
    QueueSettings settings = queue.settings();
    Rate rate = settings.rate();
    Pause pause = queue.pause();
    Sql.update(
        connection,
        """
        REPLACE INTO queue (namespace, name, paused, pause_reason, pause_until, last_pause_from,
          last_pause_to, releasing, concurrency, rate_permits, rate_per_ms, rate_burst, per_host,
          limited, version, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        Arrays.<@Nullable Object>asList(
            queue.namespace(),
            queue.name(),
            queue.paused(),
            pause == null ? null : pause.reason(),
            pause == null ? null : pause.until(),
            queue.lastPauseFrom(),
            queue.lastPauseTo(),
            queue.releasing(),
            settings.concurrency(),
            rate == null ? null : rate.permits(),
            rate == null ? null : rate.per().toMillis(),
            rate == null ? null : rate.burst(),
            settings.perHostConcurrency(),
            !settings.equals(QueueSettings.NONE),
            queue.version(),
            queue.createdAt(),
            queue.updatedAt()));
  }

  /** The whole table, which is small: one row for each queue that somebody named here. */
  @Override
  public List<StoredQueue> waiting(Connection connection, Instant now) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT * FROM queue
        WHERE (paused = TRUE AND pause_until <= ?) OR releasing = TRUE
        LIMIT ?
        """,
        QueueTable::read,
        now,
        MOST_WAITING);
  }

  /** By primary key. */
  @Override
  public Set<JobId> pausedAmong(Connection connection, Collection<JobId> jobs) throws SQLException {
    Set<JobId> paused = new HashSet<>();
    Map<String, List<String>> byNamespace =
        jobs.stream()
            .collect(
                Collectors.groupingBy(
                    JobId::namespace, Collectors.mapping(JobId::value, Collectors.toList())));
    for (Map.Entry<String, List<String>> entry : byNamespace.entrySet()) {
      List<Object> values = new ArrayList<>();
      values.add(entry.getKey());
      Sql.pad(values, entry.getValue());
      paused.addAll(
          Sql.query(
              connection,
              """
              SELECT namespace, id FROM job FORCE INDEX (PRIMARY)
              WHERE namespace = ? AND id IN (%s) AND state = 'PAUSED'
              """
                  .formatted(Sql.paddedPlaces(entry.getValue().size())),
              row -> new JobId(row.getString(1), row.getString(2)),
              values));
    }
    return paused;
  }

  private static StoredQueue read(ResultSet row) throws SQLException {
    return new StoredQueue(
        row.getString("namespace"),
        row.getString("name"),
        settings(row),
        row.getBoolean("paused")
            ? new Pause(row.getString("pause_reason"), Sql.instant(row, "pause_until"))
            : null,
        Sql.instant(row, "last_pause_from"),
        Sql.instant(row, "last_pause_to"),
        row.getBoolean("releasing"),
        row.getLong("version"),
        Objects.requireNonNull(Sql.instant(row, "created_at")),
        Objects.requireNonNull(Sql.instant(row, "updated_at")));
  }

  static QueueSettings settings(ResultSet row) throws SQLException {
    return new QueueSettings(
        Sql.integer(row, "concurrency"), rate(row), Sql.integer(row, "per_host"));
  }

  private static @Nullable Rate rate(ResultSet row) throws SQLException {
    Integer permits = Sql.integer(row, "rate_permits");
    Integer burst = Sql.integer(row, "rate_burst");
    return permits == null || burst == null
        ? null
        : new Rate(permits, Duration.ofMillis(row.getLong("rate_per_ms")), burst);
  }
}
