package io.carillon.quartz.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/**
 * What the store works on.
 *
 * @param pool for everything but check-ins
 * @param checkIn opens the one connection beside the pool
 * @param tablePrefix as in {@code quartz.properties}
 * @param schedulerName as in {@code quartz.properties}
 * @param endsIdleTransactions whether the server itself ends transactions that are idle (MariaDB);
 *     if not, each one under the lock row brings a time-out of its own
 * @param sharesLock whether steps that lock their own rows take the lock row in share mode
 * @param succession knows the processes whose place this one has taken
 */
public record StoreDatabase(
    DataSource pool,
    CheckInConnections checkIn,
    String tablePrefix,
    String schedulerName,
    boolean endsIdleTransactions,
    boolean sharesLock,
    Succession succession) {

  /** Opens the one connection beside the pool, for check-ins. */
  @FunctionalInterface
  public interface CheckInConnections {
    Connection open() throws SQLException;
  }

  /** Knows earlier processes that are certainly gone, because this one has what they had to own. */
  @FunctionalInterface
  public interface Succession {
    /** Nobody is known to be gone. */
    Succession NONE = nodeId -> Set.of();

    /**
     * Notes a node id for successors. @return the ids of predecessors; no process of theirs lives
     */
    Set<String> take(String nodeId);
  }
}
