package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the driver says of a batch whose connection is gone. */
class LostBatchTest {
  private static final String INSERT =
      "INSERT INTO QRTZ_LOCKS (SCHED_NAME, LOCK_NAME) VALUES (?, ?)";

  @Test
  void a_batch_on_a_connection_that_was_killed_is_known_as_lost() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection connection = database.dataSource().getConnection();
        Connection other = database.dataSource().getConnection()) {
      long id =
          Sql.queryOne(connection, "SELECT CONNECTION_ID()", row -> row.getLong(1)).orElseThrow();
      Sql.update(other, "KILL CONNECTION " + id);

      SQLException lost =
          catchThrowableOfType(
              SQLException.class,
              () ->
                  Sql.insert(
                      connection,
                      INSERT,
                      List.of(
                          List.of("a", "b"),
                          List.of("a", "c"),
                          List.of("a", "d"),
                          List.of("a", "e"))));

      assertThat(Reconnecting.isLost(lost))
          .as("%s %s %s", lost.getSQLState(), lost.getErrorCode(), lost)
          .isTrue();
    }
  }
}
