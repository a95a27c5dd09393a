package io.carillon.quartz.store;

import io.carillon.quartz.store.DueClasses.Span;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Which classes of priority a backlog consists of, and whose turn it is. Looks seldom enough that
 * it costs a twentieth of the time at most, however long the backlog is. For the scheduler thread
 * only.
 */
final class Census {
  private static final long SHORTEST = Duration.ofMillis(200).toNanos();
  private static final int SHARE = 20;

  private final Transactions transactions;
  private final DueClasses classes;
  private List<Span> spans = List.of();
  private long nextNanos = System.nanoTime();
  private int turn;

  Census(Transactions transactions, DueClasses classes) {
    this.transactions = transactions;
    this.classes = classes;
  }

  /**
   * A backlog of more than one class.
   *
   * @param spans what was due of each class a moment ago
   * @param turn whose turn it is
   */
  record Mixed(List<Span> spans, int turn) {
    /** Of one class, which has no need of shares. */
    static final Mixed NOT = new Mixed(List.of(), 0);
  }

  /** What a batch of so many is to be taken from. */
  Mixed mixed(long now, int batch) throws SQLException {
    long begun = System.nanoTime();
    if (begun - nextNanos >= 0) {
      spans = transactions.<List<Span>, SQLException>read(c -> classes.spans(c, now));
      long cost = System.nanoTime() - begun;
      nextNanos = System.nanoTime() + Math.max(SHORTEST, SHARE * cost);
    }
    if (spans.stream().filter(span -> span.count() > 0).count() < 2) {
      return Mixed.NOT;
    }
    int mine = turn;
    turn = (turn + batch) % 1_000_000;
    return new Mixed(spans, mine);
  }
}
