package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.ExecutionId;
import io.carillon.job.Jobs.Page;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads and purges {@code dead_letter} rows. Lists go along the primary key, or, of one job, reason
 * or queue, along {@code dead_letter_by_job} and its like. Thread-safe.
 */
public final class DeadLetterQueries implements DeadLetters {
  /** A letter as the row of its execution. */
  private static final String COLUMNS =
      """
      letter.*, letter.execution_id AS id, 'FAILED' AS state, letter.died_at AS finished_at,
        NULL AS next_attempt_at, TRUE AS dead_lettered""";

  private final DataSource database;

  public DeadLetterQueries(DataSource database) {
    this.database = database;
  }

  @Override
  public Optional<Letter> find(String namespace, ExecutionId id) {
    return Reading.read(
        database,
        "dead letter " + id,
        connection ->
            Sql.queryOne(
                connection,
                """
                SELECT %s FROM dead_letter AS letter
                WHERE letter.namespace = ? AND letter.execution_id = ?
                """
                    .formatted(COLUMNS),
                DeadLetterQueries::letter,
                namespace,
                id.value()));
  }

  @Override
  public Page<Letter> list(Filter filter, @Nullable String cursor, int limit) {
    Conditions conditions = conditions(filter);
    if (cursor != null) {
      conditions.and("letter.execution_id < ?", Cursor.execution(cursor).value());
    }
    List<Letter> found =
        Reading.read(
            database,
            "dead letters",
            connection ->
                Sql.query(
                    connection,
                    """
                    SELECT %s
                    %s
                    ORDER BY letter.execution_id DESC
                    LIMIT ?
                    """
                        .formatted(COLUMNS, from(filter, conditions)),
                    DeadLetterQueries::letter,
                    conditions.values(limit + 1)));
    return Page.of(found, limit, last -> Cursor.of(last.execution().id()));
  }

  /** How many there are in all namespaces, counted up to so many. */
  public int count(int most) {
    return Reading.read(
        database,
        "dead letters",
        connection ->
            Sql.queryOne(
                    connection,
                    "SELECT COUNT(*) FROM (SELECT 1 FROM dead_letter LIMIT ?) AS counted",
                    row -> row.getInt(1),
                    most)
                .orElse(0));
  }

  @Override
  public List<ExecutionId> redrivable(Filter filter, int most) {
    return ids(
        filter,
        conditions(filter)
            .and(
                """
                EXISTS (
                  SELECT 1 FROM job
                  WHERE job.namespace = letter.namespace AND job.id = letter.job_id
                    AND job.state <> 'CANCELLED')"""),
        most);
  }

  @Override
  public List<ExecutionId> select(Filter filter, int most) {
    return ids(filter, conditions(filter), most);
  }

  private List<ExecutionId> ids(Filter filter, Conditions conditions, int most) {
    return Reading.read(
        database,
        "dead letters",
        connection ->
            Sql.query(
                connection,
                """
                SELECT letter.execution_id
                %s
                ORDER BY letter.execution_id
                LIMIT ?
                """
                    .formatted(from(filter, conditions)),
                row -> new ExecutionId(row.getString(1)),
                conditions.values(most)));
  }

  /**
   * What a filter lets through. Each of the indexes goes on with the id, by which lists are
   * ordered; left alone, the servers walk the primary key past all others.
   */
  static String from(Filter filter, Conditions conditions) {
    String index = "";
    if (filter.job() != null) {
      index = "FORCE INDEX (dead_letter_by_job)";
    } else if (filter.reason() != null) {
      index = "FORCE INDEX (dead_letter_by_reason)";
    } else if (filter.queue() != null) {
      index = "FORCE INDEX (dead_letter_by_queue)";
    }
    return """
    FROM dead_letter AS letter %s %s
    WHERE %s"""
        .formatted(index, conditions.joins(), conditions.text());
  }

  /** Ids begin with the instant, so its range is one of the index. */
  static Conditions conditions(Filter filter) {
    Conditions conditions =
        new Conditions()
            .and("letter.namespace = ?", filter.namespace())
            .andEquals("letter.job_id", filter.job() == null ? null : filter.job().value())
            .andEquals("letter.queue", filter.queue())
            .andEquals("letter.reason", filter.reason())
            .withLabels(filter.labels(), "letter.namespace", "letter.job_id");
    if (filter.from() != null) {
      conditions.and("letter.execution_id >= ?", ExecutionQueries.firstIdFrom(filter.from()));
    }
    if (filter.to() != null) {
      conditions.and("letter.execution_id < ?", ExecutionQueries.firstIdAfter(filter.to()));
    }
    return conditions;
  }

  @Override
  public int purge(String namespace, Collection<ExecutionId> ids) {
    return Reading.read(
        database, "purging dead letters", connection -> purge(connection, namespace, ids));
  }

  private static int purge(Connection connection, String namespace, Collection<ExecutionId> ids)
      throws SQLException {
    int purged = 0;
    for (List<ExecutionId> chunk : Chunks.of(new LinkedHashSet<>(ids))) {
      purged += DeadLetterRows.delete(connection, namespace, chunk);
    }
    return purged;
  }

  private static Letter letter(ResultSet row) throws SQLException {
    Instant died = Objects.requireNonNull(Sql.instant(row, "finished_at"));
    return new Letter(ExecutionRow.read(row), died);
  }
}
