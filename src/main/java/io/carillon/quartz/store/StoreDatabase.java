package io.carillon.quartz.store;

import java.sql.Connection;
import java.sql.SQLException;
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
 */
public record StoreDatabase(
    DataSource pool,
    CheckInConnections checkIn,
    String tablePrefix,
    String schedulerName,
    boolean endsIdleTransactions,
    boolean sharesLock) {

  /** Opens the one connection beside the pool, for check-ins. */
  @FunctionalInterface
  public interface CheckInConnections {
    Connection open() throws SQLException;
  }
}
