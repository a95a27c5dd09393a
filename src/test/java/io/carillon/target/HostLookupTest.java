package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(15)
class HostLookupTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void callers_of_one_name_share_a_look_up() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (HostLookup lookup =
        new HostLookup(
            host -> {
              asked.incrementAndGet();
              begun.countDown();
              await(answer);
              return List.of(InetAddress.getLoopbackAddress());
            },
            Duration.ofSeconds(5))) {
      CompletableFuture<List<InetAddress>> one = start(lookup);
      assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<List<InetAddress>> other = start(lookup);
      answer.countDown();
      assertThat(one.get(5, TimeUnit.SECONDS)).hasSize(1);
      assertThat(other.get(5, TimeUnit.SECONDS)).hasSize(1);
      assertThat(asked.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void a_resolver_that_hangs_is_given_up() {
    CountDownLatch never = new CountDownLatch(1);
    try (HostLookup lookup =
        new HostLookup(
            host -> {
              await(never);
              throw new UnknownHostException(host);
            },
            Duration.ofMillis(200))) {
      assertThatThrownBy(() -> lookup.lookup("a"))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void each_look_up_asks_anew() throws Exception {
    try (HostLookup lookup =
        new HostLookup(
            host -> {
              asked.incrementAndGet();
              return List.of(InetAddress.getLoopbackAddress());
            },
            Duration.ofSeconds(5))) {
      lookup.lookup("a");
      lookup.lookup("b");
      assertThat(asked).hasValue(2);
    }
  }

  private static CompletableFuture<List<InetAddress>> start(HostLookup lookup) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return lookup.lookup("a");
          } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> {
          Thread thread = new Thread(task, "caller");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private static void await(CountDownLatch latch) throws UnknownHostException {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException("interrupted");
    }
  }
}
