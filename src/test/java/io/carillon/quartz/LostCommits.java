package io.carillon.quartz;

import io.carillon.db.Sql;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose next transaction, of the thread that asked for it or with a statement, loses its
 * connection: before its commit, or with the commit, which then was made or was not. The
 * connections are really ended.
 */
final class LostCommits {
  /** What becomes of the transaction. */
  enum Ending {
    /** The connection is killed while the work is under way. */
    KILLED_AT_WORK,
    /** It is killed instead of the commit. */
    ROLLED_BACK,
    /** It is killed right after the commit. */
    COMMITTED
  }

  /** What a transaction sends that fires; that ends attempts; that leaves some awaiting a word. */
  static final String FIRES = "INSERT INTO QRTZ_FIRED_TRIGGERS";

  static final String ENDS = "DELETE gone FROM QRTZ_FIRED_TRIGGERS";
  static final String AWAITS = "UPDATE QRTZ_FIRED_TRIGGERS";

  private final AtomicInteger lost = new AtomicInteger();
  private volatile @Nullable Thread victim;
  private volatile @Nullable Ending ending;
  private volatile @Nullable String statement;
  private volatile Runnable afterwards = () -> {};

  /** The next transaction of this thread that comes so far ends like this; the others do not. */
  void lose(Ending how) {
    ending = how;
    victim = Thread.currentThread();
  }

  /** The next transaction of any thread that comes to this statement ends like this. */
  void loseWhere(String begins, Ending how) {
    loseWhere(begins, how, () -> {});
  }

  /**
   * @param work done once it has ended, before its thread learns of it
   */
  void loseWhere(String begins, Ending how, Runnable work) {
    ending = how;
    afterwards = work;
    statement = begins;
  }

  /** How many transactions were lost. */
  int lost() {
    return lost.get();
  }

  DataSource around(DataSource real) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = call(real, method, arguments);
          boolean concerned = statement != null || Thread.currentThread() == victim;
          return answer instanceof Connection connection && concerned
              ? losing(real, connection)
              : answer;
        });
  }

  private Connection losing(DataSource pool, Connection connection) {
    AtomicInteger statements = new AtomicInteger();
    return proxy(
        Connection.class,
        (method, arguments) -> {
          boolean commits = method.getName().equals("commit");
          boolean prepares = method.getName().equals("prepareStatement");
          String wanted = statement;
          if (prepares && wanted != null && arguments[0].toString().contains(wanted)) {
            victim = Thread.currentThread();
            statement = null;
            statements.set(2);
          }
          boolean works = prepares && statements.incrementAndGet() == 3;
          if (works && isDue(Ending.KILLED_AT_WORK) || commits && isDue(Ending.ROLLED_BACK)) {
            kill(pool, connection);
          } else if (commits && isDue(Ending.COMMITTED)) {
            call(connection, method, arguments);
            kill(pool, connection);
          }
          return call(connection, method, arguments);
        });
  }

  private boolean isDue(Ending now) {
    return victim == Thread.currentThread() && ending == now;
  }

  private void kill(DataSource pool, Connection connection) throws SQLException {
    victim = null;
    lost.incrementAndGet();
    long id =
        Sql.queryOne(connection, "SELECT CONNECTION_ID()", row -> row.getLong(1)).orElseThrow();
    try (Connection other = pool.getConnection()) {
      Sql.update(other, "KILL CONNECTION " + id);
    }
    afterwards.run();
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
