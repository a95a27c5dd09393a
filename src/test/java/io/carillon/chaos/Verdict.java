package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Submitter;
import java.time.Duration;
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
}
