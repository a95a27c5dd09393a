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
  void rows_are_taken_away_by_the_oldest_node() {
    rig.database.transaction(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at,
                  lease_ms)
                VALUES ('b-1', 'b', 1, 'ACTIVE', 2, 2, 4000), ('z-1', 'z', 1, 'ACTIVE', 1, 1, 4000)
                """));
    rig.finished("CANCELLED", RetentionRig.START);
    rig.now = RetentionRig.START.plus(DAY.multipliedBy(32));

    assertThat(of("b-1").goOn().ran()).isFalse();
    assertThat(of("b-1").runOnce().jobs()).isZero();
    assertThat(of("z-1").goOn().jobs()).isEqualTo(1);
  }

  private Retention of(String node) {
    Retention.Kept kept = new Retention.Kept(DAY, DAY);
    return new Retention(rig.database.dataSource(), () -> rig.now, kept, () -> node);
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
