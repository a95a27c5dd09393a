package io.carillon.quartz.store;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Looks, without locks, whether there is anything to do. Stateless but for the table names. */
final class DueLook {
  private static final Long NONE = -1L;

  private final Tables tables;

  DueLook(Tables tables) {
    this.tables = tables;
  }

  /**
   * When the first waiting trigger is due; null if none waits. Takes no lock. Index
   * IDX_QRTZ_T_NFT_ST.
   *
   * @param without left out
   */
  @Nullable Long firstDue(Connection connection, Collection<TriggerName> without)
      throws SQLException {
    String statement =
        """
        SELECT NEXT_FIRE_TIME, TRIGGER_NAME, TRIGGER_GROUP
        FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
        WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING' AND NEXT_FIRE_TIME >= 0
        ORDER BY NEXT_FIRE_TIME
        LIMIT ?
        """;
    return Sql.query(
            connection,
            tables.sql(statement),
            row -> without.contains(SubRows.name(row)) ? NONE : (Long) row.getLong(1),
            tables.scheduler(),
            without.size() + 1)
        .stream()
        .filter(due -> due >= 0)
        .findFirst()
        .orElse(null);
  }

  /**
   * What there is to do.
   *
   * @param due when the first waiting trigger is; null if none waits
   * @param readyIn in so many milliseconds something held may go; null if nothing may
   * @param nodes how many the cluster has
   * @param place of this one among them, by name, from 0
   */
  record Look(@Nullable Long due, @Nullable Long readyIn, int nodes, int place) {
    boolean isReady() {
      return readyIn != null && readyIn <= 0;
    }
  }

  /**
   * Takes no lock. Indexes IDX_QRTZ_T_NFT_ST, lane_by_ready: one entry of each.
   *
   * @param node instance name of this node
   * @param from nothing that was due before
   */
  Look now(Connection connection, String node, long from) throws SQLException {
    String statement =
        """
        SELECT
          (SELECT NEXT_FIRE_TIME
            FROM QRTZ_TRIGGERS FORCE INDEX (IDX_QRTZ_T_NFT_ST)
            WHERE SCHED_NAME = ? AND TRIGGER_STATE = 'WAITING' AND NEXT_FIRE_TIME >= ?
            ORDER BY NEXT_FIRE_TIME
            LIMIT 1) AS due,
          (SELECT ready_at
            FROM lane FORCE INDEX (lane_by_ready)
            WHERE ready_at >= 0
            ORDER BY ready_at
            LIMIT 1) - CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS ready_in,
          (SELECT COUNT(*) FROM node) AS nodes,
          (SELECT COUNT(*) FROM node WHERE instance_name < ?) AS place
        """;
    return Sql.queryOne(
            connection,
            tables.sql(statement),
            row ->
                new Look(
                    row.getObject(1, Long.class),
                    row.getObject(2, Long.class),
                    row.getInt(3),
                    row.getInt(4)),
            tables.scheduler(),
            from,
            node)
        .orElseThrow();
  }
}
