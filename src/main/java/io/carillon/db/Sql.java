package io.carillon.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The few lines of JDBC under every statement of ours: bound values, rows mapped one by one,
 * everything closed. Stateless; as thread-safe as the connection it is given. {@link Instant}s are
 * bound as milliseconds since 1970, enums by name.
 */
public final class Sql {
  /** SQLSTATE of a connection that failed. */
  private static final String CONNECTION_FAILURE = "08006";

  /** Long lists are padded to a multiple of this. */
  private static final int PADDED_BY = 50;

  private Sql() {}

  /** Turns the current row into a value; must not move the cursor. */
  @FunctionalInterface
  public interface Row<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** All rows. */
  public static <T> List<T> query(
      Connection connection, String statement, Row<T> row, @Nullable Object... values)
      throws SQLException {
    return query(connection, statement, row, Arrays.asList(values));
  }

  /** All rows. */
  public static <T> List<T> query(
      Connection connection,
      String statement,
      Row<T> row,
      Collection<? extends @Nullable Object> values)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      bind(prepared, values);
      try (ResultSet rows = prepared.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(row.map(rows));
        }
        return result;
      }
    }
  }

  /** The first row, if there is one. */
  public static <T> Optional<T> queryOne(
      Connection connection, String statement, Row<T> row, @Nullable Object... values)
      throws SQLException {
    List<T> rows = query(connection, statement, row, values);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  /**
   * Runs a statement that changes rows. @return how many it changed (of an upsert: as MySQL counts)
   */
  public static int update(Connection connection, String statement, @Nullable Object... values)
      throws SQLException {
    return update(connection, statement, Arrays.asList(values));
  }

  /**
   * Runs a statement that changes rows. @return how many it changed (of an upsert: as MySQL counts)
   */
  public static int update(
      Connection connection, String statement, Collection<? extends @Nullable Object> values)
      throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      bind(prepared, values);
      return prepared.executeUpdate();
    }
  }

  /**
   * Inserts rows: the driver makes one statement of them, or as many as it takes to stay below the
   * server's {@code max_allowed_packet}. The text of the statement is the same for any number of
   * rows, so that what the driver keeps parsed does not grow with the sizes of batches.
   *
   * @param statement {@code INSERT … VALUES (?, …)} with one row, and what may follow
   * @param rows the values of each; of none, nothing is sent
   */
  public static void insert(
      Connection connection, String statement, Collection<List<@Nullable Object>> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (rows.size() == 1) {
      update(connection, statement, rows.iterator().next());
      return;
    }
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (List<@Nullable Object> row : rows) {
        bind(prepared, row);
        prepared.addBatch();
      }
      prepared.executeBatch();
    } catch (SQLException e) {
      throw isBroken(connection)
          ? new SQLException("the connection broke during a batch", CONNECTION_FAILURE, e)
          : e;
    }
  }

  /** The driver says of a batch on a connection that broke only that its statement is closed. */
  private static boolean isBroken(Connection connection) throws SQLException {
    return connection.unwrap(Connection.class).isClosed();
  }

  /** {@code ?,?,?}: for {@code IN (…)}. */
  public static String places(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }

  /**
   * As {@link #places}, for the next power of two, or beyond 32 the next multiple of 50: so that a
   * list of any length is one of few statements, which the driver keeps parsed. To be bound with
   * {@link #pad}.
   */
  public static String paddedPlaces(int count) {
    return places(padded(count));
  }

  /** Adds the values of a list for {@link #paddedPlaces}, the last one as often as it takes. */
  public static void pad(Collection<? super Object> values, List<?> list) {
    values.addAll(list);
    for (int missing = padded(list.size()) - list.size(); missing > 0; missing--) {
      values.add(list.get(list.size() - 1));
    }
  }

  private static int padded(int count) {
    if (count > PADDED_BY) {
      return (count + PADDED_BY - 1) / PADDED_BY * PADDED_BY;
    }
    return count <= 1 ? count : Math.min(PADDED_BY, Integer.highestOneBit(count - 1) << 1);
  }

  /**
   * How many of so many rows to take when more can follow: a number for which no list is padded and
   * the driver has most likely parsed every statement before.
   */
  public static int evenly(int count) {
    return count < PADDED_BY ? count : count / PADDED_BY * PADDED_BY;
  }

  /** {@code (?,?),(?,?)}: for multi-row {@code VALUES} and row {@code IN} lists. */
  public static String rows(int rows, int columns) {
    return String.join(",", Collections.nCopies(rows, "(" + places(columns) + ")"));
  }

  /** An instant from a BIGINT column of milliseconds; null if it is NULL. */
  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** An integer column; null if it is NULL. */
  public static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  private static void bind(
      PreparedStatement statement, Collection<? extends @Nullable Object> values)
      throws SQLException {
    int index = 1;
    for (Object value : values) {
      if (value instanceof String text) {
        statement.setString(index, text);
      } else if (value instanceof Long number) {
        statement.setLong(index, number);
      } else if (value instanceof Integer number) {
        statement.setInt(index, number);
      } else if (value instanceof Instant instant) {
        statement.setLong(index, instant.toEpochMilli());
      } else if (value instanceof Enum<?> constant) {
        statement.setString(index, constant.name());
      } else {
        statement.setObject(index, value);
      }
      index++;
    }
  }
}
