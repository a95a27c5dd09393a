package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import io.carillon.harness.Ledger;
import io.carillon.harness.Submitter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** What every fault has in common: the load, and how it is judged. Stateless. */
final class Verdict {
  static final Duration IN_TIME = Duration.ofSeconds(2);
  static final Duration AFTER_A_DEATH = Duration.ofSeconds(6);

  private Verdict() {}

  /** One-time jobs that are due within some seconds, to a path of the target. */
  static Submitter.Draft within(ProxiedCluster cluster, String path, int millis) {
    return (tag, random) ->
        Submitter.job(
            tag,
            cluster.target().url(path),
            Submitter.after(Duration.ofMillis(200 + random.nextInt(millis))));
  }

  static ConditionFactory soon(Duration limit) {
    return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(50));
  }

  /** Asks again until it holds; fails as it did last when it never does. */
  static void eventually(Duration limit, ThrowingRunnable assertion) {
    Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
  }

  static void rest(Duration length) {
    Awaitility.await().atMost(length.plusSeconds(5)).pollDelay(length).until(() -> true);
  }

  static void ended(CountDownLatch submissions, Duration limit) throws InterruptedException {
    assertThat(submissions.await(limit.toMillis(), TimeUnit.MILLISECONDS))
        .as("all submissions were answered or given up within " + limit)
        .isTrue();
  }

  /** Calls that arrived after another node had taken over and called again. */
  static List<Arrival> overtaken(Ledger ledger) {
    Map<String, Instant> again = new HashMap<>();
    for (Arrival each : ledger.arrivals()) {
      if (each.attempt() > 1 && each.executionId() != null) {
        again.merge(
            each.executionId(), each.at(), (one, other) -> one.isBefore(other) ? one : other);
      }
    }
    return ledger.arrivals().stream()
        .filter(
            each -> each.attempt() == 1 && again.containsKey(String.valueOf(each.executionId())))
        .filter(each -> again.get(String.valueOf(each.executionId())).isBefore(each.at()))
        .toList();
  }
}
