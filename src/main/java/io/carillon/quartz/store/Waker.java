package io.carillon.quartz.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one thread waits at and others end the wait of. Thread-safe. */
final class Waker {
  private static final Logger LOG = LoggerFactory.getLogger(Waker.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  // Guarded by lock.
  private boolean woken;

  /** Ends the present wait, or the next one. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long at the most. */
  void await(long millis) {
    lock.lock();
    try {
      if (!woken) {
        wake.await(millis, TimeUnit.MILLISECONDS);
      }
      woken = false;
    } catch (InterruptedException e) {
      LOG.debug("the wait for due jobs was interrupted");
    } finally {
      lock.unlock();
    }
  }
}
