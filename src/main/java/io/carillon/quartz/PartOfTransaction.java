package io.carillon.quartz;

import io.carillon.quartz.store.Failures;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

/** Work that is taken back alone where it cannot be done, without its transaction. Stateless. */
final class PartOfTransaction {
  private PartOfTransaction() {}

  /** Statements on the session of the transaction; they are all its effect. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  /**
   * Does the work. Two statements more, one of them only where it fails.
   *
   * @return why it cannot be done, and nothing of it is; empty if it is done
   * @throws SQLException where the transaction has to be run again, or the database is away
   */
  static Optional<Exception> attempt(StoreSession session, Work work) throws SQLException {
    Savepoint before = session.ours((ours, c) -> c.setSavepoint());
    try {
      work.run();
      return Optional.empty();
    } catch (SQLException e) {
      if (!Failures.isAboutTheRows(e)) {
        throw e;
      }
      back(session, before);
      return Optional.of(e);
    } catch (RuntimeException e) {
      back(session, before);
      return Optional.of(e);
    }
  }

  private static void back(StoreSession session, Savepoint before) throws SQLException {
    session.ours(
        (ours, c) -> {
          c.rollback(before);
          return before;
        });
  }
}
