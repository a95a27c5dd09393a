package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Ledger;
import io.carillon.harness.Submission;
import io.carillon.harness.Submitter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every fault has in common: the load, and how it is judged. Stateless. */
final class Verdict {
  private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);
  static final Duration IN_TIME = Duration.ofSeconds(2);

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

  static void rest(Duration length) {
    Awaitility.await().atMost(length.plusSeconds(5)).pollDelay(length).until(() -> true);
  }

  static void ended(CountDownLatch submissions, Duration limit) throws InterruptedException {
    assertThat(submissions.await(limit.toMillis(), TimeUnit.MILLISECONDS))
        .as("all submissions were answered or given up within " + limit)
        .isTrue();
  }

  /** Nothing lost, invented or under two ids; refusals said 503 or 429; history as the ledger. */
  static Audit judge(String fault, ProxiedCluster cluster, Submitter submitter, Duration limit) {
    Ledger ledger = cluster.target().ledger();
    Auditor auditor = new Auditor(ledger, submitter);
    Audit called = auditor.oneTimeWithin(limit);
    assertThat(called.lost()).as(fault + ": " + called + cluster.story()).isEmpty();
    soon(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(auditor.historyFaults(cluster.api(0), 100)).isEmpty());
    Audit audit = auditor.oneTime();
    LOG.info(
        "{}: {}; refused {}, unknown {}, latest call {} ms late",
        fault,
        audit,
        submitter.refused().size(),
        submitter.unknown().size(),
        latest(ledger).toMillis());
    assertThat(audit.atLeastOnce()).as(fault + ": " + audit + cluster.story()).isTrue();
    assertThat(submitter.refused())
        .extracting(Submission.Refused::status)
        .as(fault + cluster.story())
        .allMatch(status -> status == 503 || status == 429);
    return audit;
  }

  /** How late the latest call was, repeats included. */
  static Duration latest(Ledger ledger) {
    return ledger.arrivals().stream()
        .map(Arrival::lateness)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
