package io.carillon.events;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Removes what nobody can ask for any more, while events are written and for as long after as any
 * can be left; on every node, since whoever listens may be alone in having an interest. One thread.
 */
final class OldEvents {
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final Duration AFTERWARDS = KEPT.plusMinutes(1);
  private static final Duration AT_ONCE = Duration.ofMillis(300);
  private static final int PORTION = 1_000;

  private long wanted = System.nanoTime();
  private long done = System.nanoTime() - TURN.toNanos();

  /** Called each second or so. */
  void tend(Connection connection, boolean somebodyListens) throws SQLException {
    long now = System.nanoTime();
    if (somebodyListens) {
      wanted = now;
    }
    boolean over = now - wanted > AFTERWARDS.toNanos();
    if (over || now - done < TURN.toNanos() * (somebodyListens ? 1 : 12)) {
      return;
    }
    int removed = PORTION;
    while (removed == PORTION && System.nanoTime() - now < AT_ONCE.toNanos()) {
      removed = EventRows.removeOlder(connection, KEPT, PORTION);
    }
    if (removed < PORTION) {
      done = now;
    }
  }
}
