package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Work done at the same time, one thread for each piece. Stateless. */
final class Lanes {
  private Lanes() {}

  /**
   * Runs all pieces at once and waits for them.
   *
   * @return what they gave, in order
   * @throws BenchFault if one fails or they take longer than the limit
   */
  static <T> List<T> run(String name, List<Callable<T>> pieces, long limitSeconds) {
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            pieces.size(),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> done : threads.invokeAll(pieces, limitSeconds, TimeUnit.SECONDS)) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException fault) {
      throw new BenchFault(name + ": " + fault.getCause(), fault);
    } catch (CancellationException late) {
      throw new BenchFault(name + " takes longer than " + limitSeconds + " s", late);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchFault("Interrupted in " + name, stop);
    } finally {
      threads.shutdownNow();
    }
  }
}
