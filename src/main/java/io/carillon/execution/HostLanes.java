package io.carillon.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * The lanes in which runs wait for hosts that may not be called. They sleep until the next probe
 * may be made, so whoever lets a host be called sooner says so here. Thread-safe.
 */
@FunctionalInterface
public interface HostLanes {
  /** Of a store in which nothing waits. */
  HostLanes NONE = (connection, hosts) -> {};

  /**
   * Says that these are to be looked at; harmless where nothing waits. To be called outside the
   * transaction that changed a host, and after it: whoever lets runs go has the lane first and the
   * host then.
   *
   * @param connection in auto-commit mode
   */
  void wake(Connection connection, Collection<String> hosts) throws SQLException;
}
