package io.carillon.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A number of jobs created in calls of equal size by several callers at once. Stateless. */
final class Slices {
  private static final long LIMIT_SECONDS = 1_800;

  private Slices() {}

  /** One caller: used by one thread, closed at its end. */
  interface Caller extends AutoCloseable {
    /** Creates the jobs numbered from (inclusive) to (exclusive) in one call. */
    void create(int from, int to) throws Exception;

    @Override
    default void close() {}
  }

  /** What was created, and how long that took. */
  record Created(int jobs, double seconds) {
    double rate() {
      return jobs / seconds;
    }
  }

  /**
   * Creates the jobs numbered from 0 and waits for it.
   *
   * @param size jobs in each call
   * @param caller makes the caller with that number, from 0, in its own thread
   */
  static Created create(String name, int jobs, int size, int callers, IntFunction<Caller> caller) {
    int calls = (jobs + size - 1) / size;
    AtomicInteger next = new AtomicInteger();
    List<Callable<Integer>> lanes =
        IntStream.range(0, callers)
            .<Callable<Integer>>mapToObj(
                lane -> () -> createAll(jobs, size, calls, next, caller.apply(lane)))
            .toList();
    long begin = System.nanoTime();
    int made = Lanes.run(name, lanes, LIMIT_SECONDS).stream().mapToInt(n -> n).sum();
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (made != jobs) {
      throw new BenchFault(name + " created " + made + " of " + jobs + " jobs");
    }
    return new Created(made, seconds);
  }

  private static int createAll(int jobs, int size, int calls, AtomicInteger next, Caller caller)
      throws Exception {
    int made = 0;
    try (caller) {
      for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
        int to = Math.min(jobs, (call + 1) * size);
        caller.create(call * size, to);
        made += to - call * size;
      }
    }
    return made;
  }
}
