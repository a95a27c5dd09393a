package io.carillon.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallRatesTest {
  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));

  @Test
  void a_bucket_starts_full_and_fills_evenly() {
    CallRates rates = new CallRates(2, Duration.ofSeconds(1), time::get);
    assertThat(rates.take("a")).isZero();
    assertThat(rates.take("a")).isZero();
    assertThat(rates.take("a")).isEqualTo(Duration.ofMillis(500));
    assertThat(rates.take("b")).isZero();
    time.updateAndGet(now -> now.plusMillis(500));
    assertThat(rates.take("a")).isZero();
    assertThat(rates.take("a")).isPositive();
  }

  @Test
  void a_clock_that_goes_back_gives_and_takes_nothing() {
    CallRates rates = new CallRates(1, Duration.ofSeconds(1), time::get);
    rates.take("a");
    time.updateAndGet(now -> now.minusSeconds(60));
    assertThat(rates.take("a")).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void no_limit_is_no_limit_and_many_names_are_bounded() {
    CallRates open = new CallRates(0, Duration.ofSeconds(1), time::get);
    CallRates one = new CallRates(1, Duration.ofSeconds(1), time::get);
    for (int i = 0; i < 10_001; i++) {
      assertThat(open.take("a")).isZero();
      assertThat(one.take("name-" + i)).isZero();
    }
    assertThat(one.take("name-0")).as("forgotten, so full again").isZero();
    assertThat(one.take("name-10000")).isPositive();
  }
}
