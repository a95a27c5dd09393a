package io.carillon.quartz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that call targets: one virtual thread per call on Java 21 and later, a fixed pool of
 * platform threads before.
 */
final class Workers {
  private static final String NAME = "carillon-worker-";

  private Workers() {}

  static boolean virtual() {
    return virtualFactory().isPresent();
  }

  /**
   * How many calls can be made at once.
   *
   * @param most may be in flight
   * @param platformThreads size of the pool where there are no virtual threads
   */
  static int atOnce(int most, int platformThreads) {
    return virtual() ? most : Math.min(most, platformThreads);
  }

  /**
   * @param platformThreads size of the pool where there are no virtual threads
   */
  static ExecutorService start(int platformThreads) {
    return virtualFactory()
        .map(Workers::perTask)
        .orElseGet(() -> Executors.newFixedThreadPool(platformThreads, platformFactory()));
  }

  private static ThreadFactory platformFactory() {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, NAME + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * {@code Thread.ofVirtual().name(NAME, 1).factory()}, found by reflection: the code is compiled
   * for Java 17.
   */
  private static Optional<ThreadFactory> virtualFactory() {
    try {
      Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle ofVirtual =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual));
      MethodHandle name =
          lookup.findVirtual(
              virtual, "name", MethodType.methodType(virtual, String.class, long.class));
      MethodHandle factory =
          lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
      return Optional.of((ThreadFactory) factory.invoke(name.invoke(ofVirtual.invoke(), NAME, 1L)));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    } catch (Throwable e) {
      throw new IllegalStateException("virtual threads are there and cannot be used", e);
    }
  }

  private static ExecutorService perTask(ThreadFactory factory) {
    try {
      return (ExecutorService)
          MethodHandles.publicLookup()
              .findStatic(
                  Executors.class,
                  "newThreadPerTaskExecutor",
                  MethodType.methodType(ExecutorService.class, ThreadFactory.class))
              .invoke(factory);
    } catch (Throwable e) {
      throw new IllegalStateException("virtual threads are there and cannot be used", e);
    }
  }
}
