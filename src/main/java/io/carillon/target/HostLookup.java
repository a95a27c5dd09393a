package io.carillon.target;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;

/**
 * Looks names up in threads of its own, so that a resolver that hangs neither pins a worker (a
 * virtual thread cannot leave its carrier during a native look-up) nor outlives the call's
 * time-out. Callers of one name share one look-up. Threads: at most 32, named {@code
 * carillon-dns-n}; queue: at most 256 names; every wait is bounded. Thread-safe.
 */
final class HostLookup implements Dns, AutoCloseable {
  private static final int THREADS = 32;
  private static final int WAITING_NAMES = 256;

  private final Dns resolver;
  private final Duration longestWait;
  private final ThreadPoolExecutor threads;
  private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> running =
      new ConcurrentHashMap<>();

  /**
   * @param longestWait of one caller for one name
   */
  HostLookup(Dns resolver, Duration longestWait) {
    this.resolver = resolver;
    this.longestWait = longestWait;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_NAMES),
            task -> {
              Thread thread = new Thread(task, "carillon-dns-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    CompletableFuture<Void> callEnd = CallSignal.ofThisThread();
    CompletableFuture<List<InetAddress>> answer;
    try {
      answer = running.computeIfAbsent(host, this::start);
    } catch (RejectedExecutionException e) {
      throw failure(host + ": too many names are being looked up", e);
    }
    try {
      CompletableFuture.anyOf(answer, callEnd).get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.isDone()) {
        return answer.get();
      }
      throw new UnknownHostException(host + ": the call ended during the look-up");
    } catch (TimeoutException e) {
      throw failure(host + ": no answer from the resolver", e);
    } catch (ExecutionException e) {
      throw failure(host, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(host + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private CompletableFuture<List<InetAddress>> start(String host) {
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            List<InetAddress> addresses = resolver.lookup(host);
            // Forgotten before it is told, so that nobody who comes later gets an old answer.
            running.remove(host, answer);
            answer.complete(addresses);
          } catch (UnknownHostException | RuntimeException e) {
            running.remove(host, answer);
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static UnknownHostException failure(String message, Throwable cause) {
    UnknownHostException failure = new UnknownHostException(message);
    failure.initCause(cause);
    return failure;
  }
}
