package io.carillon.quartz;

import io.carillon.db.Sql;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/**
 * A pool that asks the server, each time a connection is given back, how many statements it has
 * had: {@code Questions} of the session, so BEGIN, COMMIT and SET count as well, whatever the
 * driver makes of the calls. Thread-safe.
 */
final class CountedStatements {
  private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

  /** One use of a connection, by whom, and what it cost. */
  record Use(String thread, long statements) {}

  DataSource over(DataSource pool) {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, values) ->
                method.getName().equals("getConnection")
                    ? counted(pool.getConnection())
                    : invoke(pool, method, values));
  }

  private Connection counted(Connection connection) throws SQLException {
    long before = questions(connection);
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, values) -> {
              if (method.getName().equals("close") && !connection.isClosed()) {
                uses.add(
                    new Use(Thread.currentThread().getName(), questions(connection) - before - 1));
              }
              return invoke(connection, method, values);
            });
  }

  private static Object invoke(Object target, Method method, Object[] values) throws Throwable {
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static long questions(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection, "SHOW SESSION STATUS LIKE 'Questions'", row -> row.getLong("Value"))
        .orElseThrow();
  }

  void forget() {
    uses.clear();
  }

  /**
   * What the transactions of a thread cost, cheapest first; looks of a statement or two left out.
   */
  List<Long> transactionsOf(String thread) {
    return uses.stream()
        .filter(use -> use.thread().contains(thread) && use.statements() > 3)
        .map(Use::statements)
        .sorted()
        .toList();
  }
}
