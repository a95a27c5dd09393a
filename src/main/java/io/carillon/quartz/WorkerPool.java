package io.carillon.quartz;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quartz.spi.ThreadPool;

/**
 * Quartz's thread pool over {@link Workers}. Never answers false: Quartz would set the trigger to
 * ERROR; what comes beyond the free threads waits in the executor, and the store bounds how much
 * can come. Shutting down never waits: the engine drains before. Thread-safe.
 */
public final class WorkerPool implements ThreadPool {
  private static final int VIRTUAL_CAPACITY = 10_000;
  private static final long LONGEST_WAIT_MILLIS = 500;

  private int platformThreads = 64;
  private int capacity;
  private Semaphore free = new Semaphore(0);
  private @Nullable ExecutorService executor;
  private volatile boolean stopped;

  /**
   * Size of the pool on Java versions without virtual threads; {@code
   * org.quartz.threadPool.threadCount}.
   */
  public void setThreadCount(int count) {
    platformThreads = count;
  }

  @Override
  public void initialize() {
    capacity = Workers.virtual() ? VIRTUAL_CAPACITY : platformThreads;
    free = new Semaphore(capacity);
    executor = Workers.start(platformThreads);
  }

  @Override
  public boolean runInThread(@Nullable Runnable work) {
    ExecutorService running = executor;
    if (work == null || running == null) {
      throw new IllegalStateException("the worker pool is not running");
    }
    boolean counted = free.tryAcquire();
    running.execute(
        () -> {
          try {
            work.run();
          } finally {
            if (counted) {
              free.release();
            }
          }
        });
    return true;
  }

  @Override
  public int blockForAvailableThreads() {
    while (!stopped) {
      try {
        if (free.tryAcquire(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          free.release();
          return Math.max(1, free.availablePermits());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 1;
      }
    }
    return 1;
  }

  @Override
  public void shutdown(boolean waitForJobsToComplete) {
    stopped = true;
    if (executor != null) {
      executor.shutdownNow();
    }
  }

  @Override
  public int getPoolSize() {
    return capacity;
  }

  @Override
  public void setInstanceId(String instanceId) {}

  @Override
  public void setInstanceName(String instanceName) {}
}
