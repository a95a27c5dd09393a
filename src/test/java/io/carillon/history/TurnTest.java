package io.carillon.history;

import static io.carillon.history.RetentionRig.DAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.history.Partitions.Made;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One node at a time works at days and at retention, and a failure holds nobody up. */
class TurnTest {
  @AutoClose private final RetentionRig rig = new RetentionRig();

  @Test
  void only_one_node_works_at_a_time_and_the_next_turn_is_free() throws SQLException {
    Turn.take(
        rig.database.dataSource(),
        "a test",
        connection -> {
          assertThat(rig.partitions.runOnce()).isEqualTo(new Made(false, 0, 0));
          assertThat(rig.retention.runOnce().ran()).isFalse();
          return "";
        });

    assertThat(rig.partitions.runOnce().ran()).isTrue();
  }

  @Test
  void the_turn_is_free_again_after_a_failure() {
    assertThatThrownBy(
            () ->
                Turn.take(
                    rig.database.dataSource(),
                    "a test",
                    connection -> Sql.update(connection, "no statement")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(rig.retention.runOnce().ran()).isTrue();
  }

  @Test
  void says_that_the_database_is_away() {
    AwayDataSource away = new AwayDataSource(new SQLTransientConnectionException("timeout"));

    assertThatThrownBy(() -> new Partitions(away, () -> rig.now).runOnce())
        .isInstanceOf(StoreUnavailable.class);
    Retention.Kept kept = new Retention.Kept(DAY, DAY);
    assertThatThrownBy(() -> new Retention(away, () -> rig.now, kept, () -> "a-1").runOnce())
        .isInstanceOf(StoreUnavailable.class);
  }
}
