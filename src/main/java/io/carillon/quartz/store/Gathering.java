package io.carillon.quartz.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * How long the ends of attempts are gathered before they are written together: while much is in
 * flight or ends, groups are large; more is waited for, but not long, and not where somebody waits
 * for the room that an end makes. For one thread.
 */
final class Gathering {
  /** So many are worth a transaction of their own while there are more to come. */
  private static final int WORTHWHILE = 250;

  /** For fewer than so many it is waited twice as long. */
  private static final int FEW = 50;

  /** After a group of so many, more are to come. */
  private static final int FLOW = 10;

  private static final Duration STEP = Duration.ofMillis(5);
  private static final int STEPS = 4;

  private final InFlight inFlight;
  private boolean flows;

  Gathering(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /**
   * Waits for more if that is worthwhile: 20 ms at the most, or 40 for a small group in a flow.
   *
   * @param waiting how many wait to be written
   * @param end ends the wait
   */
  void await(IntSupplier waiting, CountDownLatch end) throws InterruptedException {
    boolean over = false;
    for (int step = 0; step < STEPS && !over && (flows || isBusy()); step++) {
      over = waiting.getAsInt() >= WORTHWHILE || pause(end);
    }
    for (int step = 0; step < STEPS && !over && flows; step++) {
      over = waiting.getAsInt() >= FEW || pause(end);
    }
  }

  private static boolean pause(CountDownLatch end) throws InterruptedException {
    return end.await(STEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isBusy() {
    return inFlight.size() >= Math.max(WORTHWHILE, inFlight.capacity() / 2);
  }

  /** Notes the size of the group that is written next. */
  void took(int group) {
    flows = group >= FLOW;
  }

  /** Notes that the last group made room for something held: the next may do so too. */
  void madeRoom() {
    flows = false;
  }
}
