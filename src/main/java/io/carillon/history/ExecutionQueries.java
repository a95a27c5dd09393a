package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Attempt;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Executions;
import io.carillon.execution.Live;
import io.carillon.job.Jobs.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads execution and attempt rows. One execution is read from one partition; a list reads the end
 * of an index in each partition of its time range. Thread-safe.
 */
public final class ExecutionQueries implements Executions {
  private static final long LAST_MILLI = (1L << 48) - 1;

  /** All that is shown of an execution; of a failed one, by primary key, if it is a dead letter. */
  static final String COLUMNS =
      """
      execution.id, execution.namespace, execution.job_id, execution.queue, state, execution.reason,
      execution.attempt, execution.node, execution.fired_at, execution.started_at, finished_at,
      next_attempt_at, execution.http_status, execution.error, execution.response,
      execution.response_truncated, span_to, span_count,
      state = 'FAILED' AND EXISTS (
        SELECT 1 FROM dead_letter
        WHERE dead_letter.namespace = execution.namespace
          AND dead_letter.execution_id = execution.id) AS dead_lettered""";

  /** By primary key, in one partition: the id tells the instant. */
  static final String FIND =
      """
      SELECT %s
      FROM execution
      WHERE id = ? AND scheduled_at = ? AND namespace = ?
      """
          .formatted(COLUMNS);

  private final DataSource database;

  public ExecutionQueries(DataSource database) {
    this.database = database;
  }

  @Override
  public Optional<Execution> find(String namespace, ExecutionId id) {
    return Reading.read(database, "execution " + id, connection -> find(connection, namespace, id));
  }

  private static Optional<Execution> find(Connection connection, String namespace, ExecutionId id)
      throws SQLException {
    return Sql.queryOne(
        connection, FIND, ExecutionRow::read, id.value(), id.scheduledAt(), namespace);
  }

  /** By primary key, in one partition. */
  @Override
  public Live live(String namespace, ExecutionId id) {
    return Reading.read(
        database,
        "progress of execution " + id,
        connection ->
            Sql.queryOne(
                    connection,
                    """
                    SELECT state, awaits_until, cancel_requested_at, progress_percent,
                      progress_note, progress_at
                    FROM execution
                    WHERE id = ? AND scheduled_at = ? AND namespace = ?
                    """,
                    ExecutionRow::live,
                    id.value(),
                    id.scheduledAt(),
                    namespace)
                .orElse(Live.NOTHING));
  }

  @Override
  public List<Attempt> attempts(String namespace, ExecutionId id) {
    return Reading.read(
        database,
        "attempts of execution " + id,
        connection -> {
          Optional<Execution> execution = find(connection, namespace, id);
          return execution.isPresent() ? attempts(connection, execution.get()) : List.of();
        });
  }

  private static List<Attempt> attempts(Connection connection, Execution execution)
      throws SQLException {
    List<Attempt> attempts =
        Sql.query(
            connection,
            """
            SELECT * FROM attempt
            WHERE execution_id = ? AND scheduled_at = ?
            ORDER BY n
            """,
            ExecutionRow::attempt,
            execution.id().value(),
            execution.scheduledAt());
    Attempt current = ExecutionRow.attempt(execution);
    if (current != null && attempts.stream().noneMatch(kept -> kept.n() == current.n())) {
      attempts.add(current);
    }
    return attempts;
  }

  @Override
  public Page<Execution> list(Filter filter, @Nullable String cursor, int limit) {
    ExecutionId after = cursor == null ? null : Cursor.execution(cursor);
    if (filter.job() != null && !filter.job().namespace().equals(filter.namespace())) {
      return new Page<>(List.of(), null);
    }
    List<Execution> found =
        Reading.read(
            database,
            "executions",
            connection ->
                filter.job() != null || !filter.labels().isEmpty()
                    ? ofJobs(connection, filter, after, limit + 1)
                    : ofStates(connection, filter, after, limit + 1));
    return Page.of(found, limit, last -> Cursor.of(last.id()));
  }

  /** By {@code execution_by_job}: of one job, or of those with the labels. */
  private static List<Execution> ofJobs(
      Connection connection, Filter filter, @Nullable ExecutionId after, int limit)
      throws SQLException {
    Conditions conditions =
        range(filter, after)
            .andIn("execution.state", filter.states())
            .withLabels(filter.labels(), "execution.namespace", "execution.job_id");
    if (filter.job() != null) {
      conditions.and("execution.job_id = ?", filter.job().value());
    }
    return Sql.query(
        connection,
        """
        SELECT %s
        FROM execution %s
        WHERE %s
        ORDER BY execution.id DESC
        LIMIT ?
        """
            .formatted(COLUMNS, conditions.joins(), conditions.text()),
        ExecutionRow::read,
        conditions.values(limit));
  }

  /**
   * By {@code execution_by_state}: the ends of the asked states (all, if none is), merged. So the
   * rows of other namespaces and states are never read.
   */
  private static List<Execution> ofStates(
      Connection connection, Filter filter, @Nullable ExecutionId after, int limit)
      throws SQLException {
    Collection<ExecutionState> states =
        filter.states().isEmpty() ? EnumSet.allOf(ExecutionState.class) : filter.states();
    List<String> ends = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (ExecutionState state : states) {
      Conditions conditions = range(filter, after).andEquals("execution.state", state);
      ends.add(
          """
          (SELECT id, scheduled_at FROM execution FORCE INDEX (execution_by_state)
          WHERE %s
          ORDER BY id DESC
          LIMIT ?)
          """
              .formatted(conditions.text()));
      values.addAll(conditions.values(limit));
    }
    values.add(limit);
    return Sql.query(
        connection,
        """
        SELECT %s
        FROM (%s ORDER BY id DESC LIMIT ?) AS newest
        JOIN execution ON execution.id = newest.id
          AND execution.scheduled_at = newest.scheduled_at
        ORDER BY execution.id DESC
        """
            .formatted(COLUMNS, String.join("UNION ALL\n", ends)),
        ExecutionRow::read,
        values);
  }

  /** Namespace, queue, and the time range both as ids (for the index) and as partitions. */
  private static Conditions range(Filter filter, @Nullable ExecutionId after) {
    Conditions conditions =
        new Conditions()
            .and("execution.namespace = ?", filter.namespace())
            .andEquals("execution.queue", filter.queue())
            .andEquals("execution.reason", filter.reason());
    if (filter.from() != null) {
      long first = ceiling(filter.from());
      conditions.and("execution.id >= ? AND execution.scheduled_at >= ?", firstId(first), first);
    }
    Long last = filter.to() == null ? null : floor(filter.to());
    if (last != null) {
      conditions.and("execution.id < ?", firstIdAfter(filter.to()));
    }
    if (after != null) {
      conditions.and("execution.id < ?", after.value());
      long there = after.scheduledAt().toEpochMilli();
      last = last == null ? there : Math.min(last, there);
    }
    return last == null ? conditions : conditions.and("execution.scheduled_at <= ?", last);
  }

  /** The first whole millisecond not before an instant, within what ids can name. */
  private static long ceiling(Instant instant) {
    long millis = floor(instant);
    return millis < LAST_MILLI && Instant.ofEpochMilli(millis).isBefore(instant)
        ? millis + 1
        : millis;
  }

  private static long floor(Instant instant) {
    if (instant.isBefore(Instant.EPOCH)) {
      return 0;
    }
    return instant.isAfter(Instant.ofEpochMilli(LAST_MILLI)) ? LAST_MILLI : instant.toEpochMilli();
  }

  /** The lowest id of an instant or later. */
  static String firstIdFrom(Instant from) {
    return firstId(ceiling(from));
  }

  /** What all ids of an instant or earlier sort before. */
  static String firstIdAfter(Instant to) {
    long last = floor(to);
    return last < LAST_MILLI ? firstId(last + 1) : "g";
  }

  /** What no id of this millisecond or later sorts before: ids begin with 48 bits of it. */
  static String firstId(long millis) {
    String hex = String.format("%012x", millis);
    return hex.substring(0, 8) + "-" + hex.substring(8);
  }
}
