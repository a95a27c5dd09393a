package io.carillon.target;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * Clients that differ only in their pools of connections. A call looks through all connections of
 * its pool for a free one, which with a thousand calls under way costs more than the call: so a
 * pool serves few calls at once, and the next one is taken when it is busy. While little is called,
 * all calls share the first. Thread-safe.
 *
 * <p>Idle connections are kept for 2 s only: with automatic retries off, a connection that the
 * target has closed meanwhile would show as a failed attempt.
 */
final class HttpClients {
  private static final int POOLS = 16;
  private static final int CALLS_EACH = 64;
  private static final long IDLE_SECONDS = 2;

  private final List<Loan> loans;

  /**
   * @param template what all have in common
   */
  HttpClients(OkHttpClient template) {
    this.loans =
        Stream.generate(() -> new ConnectionPool(CALLS_EACH, IDLE_SECONDS, TimeUnit.SECONDS))
            .limit(POOLS)
            .map(pool -> new Loan(template.newBuilder().connectionPool(pool).build()))
            .toList();
  }

  /** A client that makes one call more, until this is closed. */
  record Loan(OkHttpClient client, AtomicInteger calls) implements AutoCloseable {
    private Loan(OkHttpClient client) {
      this(client, new AtomicInteger());
    }

    private boolean begin() {
      if (calls.incrementAndGet() <= CALLS_EACH) {
        return true;
      }
      calls.decrementAndGet();
      return false;
    }

    @Override
    public void close() {
      calls.decrementAndGet();
    }
  }

  /** The first client that has few calls under way; where all are busy, the last. */
  Loan borrow() {
    for (Loan loan : loans) {
      if (loan.begin()) {
        return loan;
      }
    }
    Loan last = loans.get(POOLS - 1);
    last.calls().incrementAndGet();
    return last;
  }

  /** Ends the connections that are idle. */
  void close() {
    loans.forEach(loan -> loan.client().connectionPool().evictAll());
  }
}
