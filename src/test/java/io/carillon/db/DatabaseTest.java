package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  @Test
  void every_connection_reads_committed_rows_in_utc_and_waits_five_seconds_at_most()
      throws Exception {
    try (TestDatabase db = TestDatabase.create();
        Connection checkIn = db.database().openCheckInConnection()) {
      String settings =
          """
          SELECT CONCAT_WS(' ', @@SESSION.transaction_isolation, @@SESSION.innodb_lock_wait_timeout,
            @@SESSION.time_zone, @@SESSION.character_set_client)
          """;
      assertThat(Sql.query(checkIn, settings, row -> row.getString(1)))
          .containsExactly("READ-COMMITTED 5 +00:00 utf8mb4");
    }
  }
}
