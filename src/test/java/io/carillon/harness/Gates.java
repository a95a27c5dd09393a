package io.carillon.harness;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting of threads that a test holds back, where nothing may be thrown that has to be caught. */
public final class Gates {
  private Gates() {}

  /**
   * Waits until the gate is open; an interrupt ends the wait and is kept.
   *
   * @throws AssertionError if it is still closed after 30 s
   */
  public static void pass(CountDownLatch gate) {
    try {
      if (!gate.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody has opened the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
