package io.carillon.quartz.store;

import io.carillon.quartz.store.DueLook.Look;
import java.util.concurrent.TimeUnit;

/**
 * How long what comes due one after the other may gather, so that the transaction which fires it is
 * worth its statements. After a firing a node lets some time pass before it looks again. Where
 * there are several nodes, what is due is besides left until the first of it has waited for some
 * time, by each node for another one: so they do not fire the more often the more of them there
 * are, and seldom two at once. ADR 36. For one thread.
 */
final class LookPace {
  /** From the begin of one firing to the next look. */
  private static final long MILLIS = 40;

  /** The same after a batch that was worth its statements. */
  private static final long MILLIS_AFTER_MANY = 20;

  private static final int MANY = 50;

  /** How long what is fired by one of several nodes has waited. */
  private static final long RIPE_MILLIS = 30;

  private static final long RIPE_MILLIS_AFTER_MANY = 20;

  /** So much longer waits the node whose turn it is next, and so on: about a transaction's time. */
  private static final long TURN_MILLIS = 14;

  private static final int MOST_TURNS = 2;

  /** Where fewer are fired at once, they are too far apart to wait for each other. */
  private static final int FLOW = 4;

  /** Nothing was due for so long: what comes now is not kept waiting. */
  private static final long LULL_MILLIS = 50;

  /**
   * What is due earlier than it should be, as by the clock of another node, is seen after so long.
   */
  private static final long FULL_LOOK_MILLIS = 100;

  private long lookNanos = System.nanoTime();
  private int lastBatch;
  private long dueSeenMillis;
  private boolean gathers;
  private long knownDue;
  private long fullLookMillis;

  /**
   * Notes that a batch of what was due was fired.
   *
   * @param nowNanos the begin of it, by {@link System#nanoTime}
   * @param nowMillis the same by the clock
   * @param look after which it was
   */
  void fired(int batch, long nowNanos, long nowMillis, Look look) {
    long pause = batch < MANY ? MILLIS : MILLIS_AFTER_MANY;
    if (look.readyIn() != null) {
      pause = Math.min(pause, look.readyIn());
    }
    lookNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(pause);
    lastBatch = batch;
    dueSeenMillis = nowMillis;
  }

  /** Notes that what was held went, whose turns may be short: nothing is put off. */
  void hurry() {
    lookNanos = System.nanoTime();
    lastBatch = 0;
  }

  /** For how many milliseconds it is too early for a look; not above 0 if it is not. */
  long early(long nowNanos) {
    return TimeUnit.NANOSECONDS.toMillis(lookNanos - nowNanos);
  }

  /**
   * From which instant on a look searches: in a flow from where the last one found something, as
   * the entries of what was fired since stand before that until they are purged, and cost as much
   * as live ones; else, and ten times a second, from the beginning, which is 0.
   */
  long lookFrom(long nowMillis) {
    if (knownDue > 0 && nowMillis - fullLookMillis < FULL_LOOK_MILLIS) {
      return knownDue;
    }
    fullLookMillis = nowMillis;
    return 0;
  }

  /**
   * Whether what is due is left until it is worth a transaction; {@link #early} tells for how long.
   *
   * @param nowNanos by {@link System#nanoTime}
   * @param nowMillis the same by the clock
   * @param look which found it
   * @param hurries whether more than that waits
   */
  boolean leaves(long nowNanos, long nowMillis, Look look, boolean hurries) {
    gathers = false;
    if (look.due() == null || look.due() > nowMillis) {
      knownDue = 0;
      return false;
    }
    boolean lull = nowMillis - dueSeenMillis > LULL_MILLIS;
    knownDue = lull || hurries ? 0 : look.due();
    dueSeenMillis = nowMillis;
    gathers = !hurries && !lull && lastBatch >= FLOW && look.nodes() > 1;
    long wait = gathers ? look.due() + ripe() + TURN_MILLIS * turn(look) - nowMillis : 0;
    if (wait > 0) {
      lookNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(wait);
    }
    return wait > 0;
  }

  /** How many nodes come before this one: each time others, and all know it by what is due. */
  private static long turn(Look look) {
    return Math.min(MOST_TURNS, (look.place() + look.due()) % look.nodes());
  }

  /**
   * How long the first of what is fired now has to be due, in milliseconds: another node may be
   * firing what was found, and what is left by it is too young to be worth a transaction.
   */
  long ripeMillis() {
    return gathers ? ripe() : 0;
  }

  private long ripe() {
    return lastBatch < MANY ? RIPE_MILLIS : RIPE_MILLIS_AFTER_MANY;
  }
}
