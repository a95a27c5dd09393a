package io.carillon.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts may be called; read and written inside the store's transactions, on the given
 * connection: no method commits, rolls back, closes it, or waits. Thread-safe. Hosts are as in
 * {@code job.host}: in lower case, without a port.
 */
public interface HostGates {
  /** Of a store that calls every host. Sends nothing. */
  HostGates NONE =
      new HostGates() {
        @Override
        public Map<String, Gate> shut(Connection c, Instant now) {
          return Map.of();
        }

        @Override
        public boolean claimProbe(Connection c, String host, ExecutionId probe, Instant now) {
          return false;
        }

        @Override
        public boolean any() {
          return false;
        }
      };

  /**
   * Hosts whose gate is not closed (breaker OPEN or HALF_OPEN), as the transaction sees it. One
   * statement, without locks.
   *
   * @param now by this node's clock
   */
  Map<String, Gate> shut(Connection c, Instant now) throws SQLException;

  /**
   * Claims the probe of a host whose time has come. One statement.
   *
   * @param probe the execution that is fired in the same transaction
   * @param now by this node's clock
   * @return false if another has it, or the gate has changed meanwhile
   */
  boolean claimProbe(Connection c, String host, ExecutionId probe, Instant now) throws SQLException;

  /**
   * Whether {@link #shut} is worth asking: false while memory that is half a second old at the most
   * says that every gate is closed. Sends nothing.
   */
  default boolean any() {
    return true;
  }

  /**
   * A host that is not to be called.
   *
   * @param probeAt from when on one call may be made to see how the host is, by this node's clock;
   *     null if none may, because somebody keeps the gate shut
   */
  record Gate(String host, @Nullable Instant probeAt) {}
}
