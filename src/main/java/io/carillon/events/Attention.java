package io.carillon.events;

import java.time.Duration;

/**
 * Whether this node writes events: what it knows of the listeners of the cluster. That nobody
 * listens is known for a moment only; a node that has not looked for longer writes, as somebody may
 * have come. So a listener that has waited {@link #TOLD} after its row was committed knows that
 * every node writes, whether that has seen the row or not; nodes need not answer, and a node that
 * starts, freezes or loses the database is covered as well. Thread-safe; one thread looks.
 */
final class Attention {
  /** For so long nobody's listening is known. Looks come more often. */
  private static final Duration KNOWN = Duration.ofMillis(1_500);

  /** After so long everybody knows: clocks of different machines differ a little in their pace. */
  static final Duration TOLD = KNOWN.plusMillis(50);

  /** By the monotonic clock: until then nobody listens. Written by the thread that looks. */
  private volatile long quietUntil = System.nanoTime();

  boolean isRaised() {
    return System.nanoTime() - quietUntil >= 0;
  }

  /**
   * Notes what a look has found.
   *
   * @param before the monotonic clock before the look was sent
   */
  void looked(boolean somebodyListens, long before) {
    quietUntil = somebodyListens ? before : before + KNOWN.toNanos();
  }
}
