package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Ledger;
import io.carillon.harness.Seed;
import io.carillon.harness.Submission;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows are damaged by SQL while three nodes are at work: healed within a minute. */
@Tag("chaos")
@Timeout(120)
class StuckRowsIT {
  private static final Duration A_MINUTE = Duration.ofSeconds(60);
  private final long seed = Seed.of(StuckRowsIT.class);
  @AutoClose private ProxiedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = ProxiedCluster.ofThree();
  }

  /** What is done to the rows of one job. */
  @FunctionalInterface
  private interface Damage {
    void to(String job) throws Exception;
  }

  @Test
  void damaged_jobs_are_called_once_within_a_minute_and_nothing_else_is_late() throws Exception {
    Ledger ledger = cluster.target().ledger();
    StuckRows rows = new StuckRows(cluster.database());
    String interrupted = callWithoutFiredRow(rows);
    Map<String, Damage> damages = new LinkedHashMap<>();
    damages.put("no sub-row", rows::loseSubRow);
    damages.put("no JobDetail", rows::loseJobDetail);
    damages.put("foreign class", rows::nameForeignClass);
    damages.put("no trigger", rows::loseTrigger);
    damages.put("ACQUIRED", job -> rows.setState(job, "ACQUIRED"));
    damages.put("ACQUIRED by nobody", rows::acquireByUnknownNode);
    damages.put("BLOCKED", job -> rows.setState(job, "BLOCKED"));
    damages.put("ERROR", job -> rows.setState(job, "ERROR"));
    damages.put("COMPLETE", rows::finish);
    damages.put("fired by nobody", rows::fireByUnknownNode);
    try (Submitter broken = new Submitter(List.of(cluster.api(0)), 50, seed);
        Submitter submitter = new Submitter(cluster.apis(), 50, seed)) {
      broken.submit(
          damages.size(),
          (tag, random) ->
              Submitter.job(
                  tag, cluster.target().url("/ok"), Submitter.after(Duration.ofSeconds(5))),
          Duration.ofSeconds(10));
      List<Submission.Acknowledged> jobs = broken.acknowledged();
      assertThat(jobs).hasSize(damages.size());
      int next = 0;
      for (Damage damage : damages.values()) {
        damage.to(jobs.get(next++).jobId());
      }
      submitter.submit(300, Verdict.within(cluster, "/ok", 3_000), Duration.ofSeconds(20));

      Verdict.soon(A_MINUTE)
          .untilAsserted(
              () ->
                  assertThat(ledger.jobs())
                      .containsAll(jobs.stream().map(each -> each.jobId()).toList()));
      Verdict.soon(A_MINUTE).until(() -> ledger.ofJob(interrupted).size() == 2);
      assertThat(ledger.ofJob(interrupted).get(1).executionId())
          .isEqualTo(ledger.ofJob(interrupted).get(0).executionId());
      Verdict.soon(Duration.ofSeconds(10))
          .until(
              () ->
                  cluster
                      .api(0)
                      .get("/api/v1/jobs/" + interrupted)
                      .text("state")
                      .equals("COMPLETED"));
      Verdict.soon(Duration.ofSeconds(15)).until(() -> rows.stuck().isEmpty());
      assertThat(rows.firedByUnknownNode()).isZero();
      assertThat(jobs).allMatch(each -> ledger.ofJob(each.jobId()).size() == 1);
      Audit audit = new Auditor(ledger, submitter).oneTimeWithin(Duration.ofSeconds(15));
      assertThat(audit.lost()).as(audit + cluster.story()).isEmpty();
      assertThat(audit.repeated()).containsOnlyKeys(ledger.ofJob(interrupted).get(0).executionId());
      Set<String> damaged = jobs.stream().map(each -> each.jobId()).collect(Collectors.toSet());
      damaged.add(interrupted);
      assertThat(ledger.arrivals())
          .filteredOn(each -> !damaged.contains(each.jobId()))
          .allMatch(each -> each.lateness().compareTo(Verdict.IN_TIME) <= 0);
      assertThat(metrics()).contains("carillon_ownerless_healed_total{kind=\"trigger_held\"}");
    }
  }

  /** A job whose call is under way and whose FIRED row vanishes: it is to be called again. */
  private String callWithoutFiredRow(StuckRows rows) throws Exception {
    try (Submitter submitter = new Submitter(List.of(cluster.api(0)), 50, seed + 1)) {
      submitter.submit(
          1,
          (tag, random) ->
              Submitter.job(
                  tag, cluster.target().url("/slow?ms=1500"), Submitter.after(Duration.ZERO)),
          Duration.ofSeconds(10));
      String job = submitter.acknowledged().get(0).jobId();
      Verdict.soon(Duration.ofSeconds(10))
          .until(() -> cluster.target().ledger().ofJob(job).size() == 1);
      assertThat(rows.loseFiredRow(job)).isEqualTo(1);
      return job;
    }
  }

  /** Whichever node did it. */
  private String metrics() {
    StringBuilder text = new StringBuilder();
    cluster.apis().forEach(api -> text.append(api.get("/metrics").text()));
    return text.toString();
  }
}
