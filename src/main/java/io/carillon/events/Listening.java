package io.carillon.events;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's row of {@code listener}, and whether all nodes write events because of it or another
 * one. That is certain when a row was there for {@link Attention#TOLD}, so that each node knows or
 * writes because it does not know, and after that every transaction that was open is over, so that
 * none goes on that began when it was not so. One thread.
 */
final class Listening {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final Duration RENEWAL = Duration.ofSeconds(60);

  private final String node;
  private final Attention attention;
  private final LiveEvents.Store store;

  private long renewed;
  private boolean present;
  private long since;
  private OptionalLong inForceFrom = OptionalLong.empty();

  Listening(String node, Attention attention, LiveEvents.Store store) {
    this.node = node;
    this.attention = attention;
    this.store = store;
  }

  /**
   * There are readers: stays, or comes.
   *
   * @return the id after which all events of all nodes are written; null while that is not certain
   */
  @Nullable Long listen(Connection connection) throws SQLException {
    if (!present || System.nanoTime() - renewed >= RENEWAL.toNanos()) {
      renew(connection);
    }
    if (inForceFrom.isEmpty()) {
      bringIntoForce(connection);
    }
    return inForceFrom.isPresent() ? inForceFrom.getAsLong() : null;
  }

  /** The last reader has gone; it may come back. */
  void cease(Connection connection) throws SQLException {
    if (present) {
      ListenerRows.renew(connection, node);
      ListenerRows.removeRunOut(connection);
      present = false;
      inForceFrom = OptionalLong.empty();
    }
  }

  private void renew(Connection connection) throws SQLException {
    ListenerRows.renew(connection, node);
    renewed = System.nanoTime();
    if (!present) {
      since = renewed;
      present = true;
    }
    if (inForceFrom.isPresent() && ListenerRows.inForceFrom(connection).isEmpty()) {
      LOG.warn("nobody could be told for minutes that there are readers; events may be missing");
      inForceFrom = OptionalLong.empty();
      since = renewed;
    }
  }

  private void bringIntoForce(Connection connection) throws SQLException {
    OptionalLong from = ListenerRows.inForceFrom(connection);
    if (from.isEmpty()) {
      if (ListenerRows.isAlone(connection, store.node())) {
        attention.looked(true, System.nanoTime());
      } else if (System.nanoTime() - since < Attention.TOLD.toNanos()) {
        return;
      }
      store.awaitOpenTransactions();
      from = OptionalLong.of(EventRows.last(connection));
    }
    if (ListenerRows.bringIntoForce(connection, node, from.getAsLong())) {
      inForceFrom = from;
    }
  }
}
