package io.carillon.history;

import static io.carillon.history.RetentionRig.DAY;
import static io.carillon.history.RetentionRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionState;
import io.carillon.history.Partitions.Made;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The days to come have their partitions in time, whatever has held the server up. */
class PartitionsTest {
  @AutoClose private final RetentionRig rig = new RetentionRig();

  @Test
  void today_and_seven_days_ahead_have_a_partition() {
    assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 16, 0));

    for (String table : List.of("execution", "attempt")) {
      assertThat(rig.names(table))
          .containsExactly(
              "p_old",
              "p20260301",
              "p20260302",
              "p20260303",
              "p20260304",
              "p20260305",
              "p20260306",
              "p20260307",
              "p20260308",
              "p_max");
    }
    assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 0, 0));
    rig.now = rig.now.plus(DAY);
    assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 2, 0));
    assertThat(rig.names("attempt")).contains("p20260309");
  }

  @Test
  void a_server_that_was_off_for_weeks_loses_no_row_and_goes_on_by_days() {
    rig.partitions.runOnce();
    JobId job = rig.recurring();
    rig.execution(job, rig.now.plus(Duration.ofDays(12)), ExecutionState.SUCCEEDED);
    rig.now = rig.now.plus(Duration.ofDays(20));

    assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 16, 0));

    assertThat(rig.names("execution"))
        .contains("p20260308", "p20260321")
        .doesNotContain("p20260315");
    assertThat(rig.counts()).isEqualTo("1 1");
  }

  @Test
  void a_table_in_use_is_waited_for_a_second_and_left_for_the_next_time() throws SQLException {
    rig.partitions.runOnce();
    rig.now = START.plus(DAY);
    try (Connection reader = rig.database.plainConnection()) {
      reader.setAutoCommit(false);
      Sql.query(reader, "SELECT COUNT(*) FROM execution", row -> 1);
      long begin = System.nanoTime();

      assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 1, 1));

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
      reader.rollback();
    }
    assertThat(rig.partitions.runOnce()).isEqualTo(new Made(true, 1, 0));
  }
}
