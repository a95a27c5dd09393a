package io.carillon.quartz;

import io.carillon.db.Sql;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/**
 * Asks the server how many statements each committed transaction took, from its begin to just
 * before its commit; and takes the database away when told. Thread-safe.
 */
final class TransactionMeter {
  private final Queue<Long> statements = new ConcurrentLinkedQueue<>();

  private volatile boolean failsAfterCommit;
  private volatile boolean fails;

  /** After the next commit there is no database any more. */
  void failAfterCommit() {
    failsAfterCommit = true;
  }

  /** From now on there is no database. */
  void failNow() {
    fails = true;
  }

  /** A pool whose transactions are measured. */
  DataSource around(DataSource pool) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          if (fails) {
            throw new SQLException("away", "08001");
          }
          Object answer = call(pool, method, arguments);
          return answer instanceof Connection connection ? measured(connection) : answer;
        });
  }

  /** Statements of the transactions committed since it was last asked, in order. */
  List<Long> take() {
    List<Long> taken = new ArrayList<>();
    for (Long next = statements.poll(); next != null; next = statements.poll()) {
      taken.add(next);
    }
    return taken;
  }

  private Connection measured(Connection connection) {
    long[] begun = new long[1];
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("commit")) {
            // Without the question at the begin, which counts itself.
            statements.add(questions(connection) - begun[0] - 1);
          }
          Object answer = call(connection, method, arguments);
          fails |= failsAfterCommit && method.getName().equals("commit");
          if (method.getName().equals("setAutoCommit") && arguments[0].equals(false)) {
            begun[0] = questions(connection);
          }
          return answer;
        });
  }

  private static long questions(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection, "SHOW SESSION STATUS LIKE 'Questions'", row -> row.getLong("Value"))
        .orElseThrow();
  }

  @FunctionalInterface
  private interface Call {
    Object answer(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.answer(method, arguments)));
  }

  private static Object call(Object object, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
