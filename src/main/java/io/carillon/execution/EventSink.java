package io.carillon.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Where events are raised, inside the transaction in which they happen: they are told if and when
 * it is committed. Costs nothing while nobody listens. Thread-safe; as {@link StoreParticipant}, it
 * has no effect but its statements.
 */
public interface EventSink {
  /** Of a server whose events nobody can follow. */
  EventSink NONE =
      new EventSink() {
        @Override
        public boolean isWanted() {
          return false;
        }

        @Override
        public void raise(Connection connection, List<Event> events) {}
      };

  /**
   * Whether somebody may listen. A volatile read: to be asked before anything is worked out for
   * events. {@link #raise} asks again.
   */
  boolean isWanted();

  /**
   * Writes events, in order. One statement for 500, and two more where jobs have to be looked up.
   */
  void raise(Connection connection, List<Event> events) throws SQLException;
}
