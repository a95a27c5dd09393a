package io.carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.SecretKind;
import io.carillon.job.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecretCacheTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile Optional<SecretRow> there = Optional.of(row(1));
  private volatile boolean away;
  private final SecretCache cache = new SecretCache((namespace, name) -> read(), now::get);

  private Optional<SecretRow> read() {
    reads.incrementAndGet();
    if (away) {
      throw new StoreUnavailable("away", null);
    }
    return there;
  }

  private static SecretRow row(long version) {
    StoredSecret secret =
        new StoredSecret(
            "default", "token", SecretKind.TEXT, version, Instant.EPOCH, Instant.EPOCH, null);
    return new SecretRow(secret, new Sealed("k", new byte[12], new byte[17]), null);
  }

  private long version() {
    return cache.get("default", "token").orElseThrow().secret().version();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void a_thousand_calls_cost_one_statement_and_a_change_is_seen_within_five_seconds() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(version()).isEqualTo(1);
    }
    assertThat(reads).hasValue(1);

    there = Optional.of(row(2));
    pass(Duration.ofSeconds(5));
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void a_change_made_here_is_seen_at_once() {
    version();
    there = Optional.of(row(2));
    cache.forget("default", "token");
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void that_there_is_none_is_not_remembered() {
    there = Optional.empty();
    assertThat(cache.get("default", "token")).isEmpty();
    there = Optional.of(row(1));
    assertThat(version()).isEqualTo(1);
  }

  @Test
  void a_removed_one_is_gone_within_five_seconds() {
    version();
    there = Optional.empty();
    pass(Duration.ofSeconds(5));
    assertThat(cache.get("default", "token")).isEmpty();
  }

  @Test
  void a_short_absence_of_the_database_is_bridged_and_a_long_one_is_not() {
    version();
    away = true;
    pass(Duration.ofSeconds(9));
    assertThat(version()).isEqualTo(1);
    pass(Duration.ofSeconds(9));
    assertThatThrownBy(this::version).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void while_one_reads_anew_the_others_go_on() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    SecretCache slow =
        new SecretCache(
            (namespace, name) -> {
              if (count.incrementAndGet() > 1) {
                asked.countDown();
                awaited(answer);
              }
              return there;
            },
            now::get);
    slow.get("default", "token");
    pass(Duration.ofSeconds(4));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Optional<SecretRow>> first = thread.submit(() -> slow.get("default", "token"));
      awaited(asked);
      assertThat(slow.get("default", "token")).isPresent();
      assertThat(count).hasValue(2);
      answer.countDown();
      assertThat(first.get(5, TimeUnit.SECONDS)).isPresent();
    } finally {
      thread.shutdownNow();
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
