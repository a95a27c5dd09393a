package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Canary;
import io.carillon.harness.Disturbance;
import io.carillon.harness.Lateness;
import io.carillon.harness.Ledger;
import io.carillon.harness.Repeat;
import io.carillon.harness.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a load came to under a fault. Making one fails unless all counts that must be zero are:
 * lost, phantom, split, missed, extra, repeated outside a fault, not followed or followed twice,
 * stuck, history against ledger; and unless every call was as punctual as promised.
 *
 * @param firstTries lateness of first attempts, as judged
 * @param repeats of later ones, how long after what made them necessary
 * @param overtaken first attempts that arrived after another node had called again
 */
record Judgement(
    Audit oneTime, Audit recurring, Lateness firstTries, Lateness repeats, int overtaken) {
  private static final Logger LOG = LoggerFactory.getLogger(Judgement.class);
  private static final Duration SETTLED = Duration.ofSeconds(20);

  /**
   * How late calls may be.
   *
   * @param first what no fault has met
   * @param repeat how long after the fault that met the attempt before it, for each attempt since
   * @param outages times in which nothing can fire; they do not count as lateness
   * @param accepted when jobs were accepted of which nothing is expected before; by their ids
   */
  record Limits(
      Duration first,
      Duration repeat,
      List<Disturbance> outages,
      Canary canary,
      Map<String, Instant> accepted) {
    /** First attempts within 2 s, what a dead node had within 6 s. */
    static Limits promised(Canary canary) {
      return new Limits(Verdict.IN_TIME, Verdict.AFTER_A_DEATH, List.of(), canary, Map.of());
    }

    Limits first(Duration other) {
      return new Limits(other, repeat, outages, canary, accepted);
    }

    Limits without(List<Disturbance> these) {
      return new Limits(first, repeat, these, canary, accepted);
    }

    /**
     * For creations that stood still with their node: such a job is told to its client, and stored,
     * after it was due. Call this when the load has ended.
     */
    Limits onceAccepted(Load load) {
      return new Limits(
          first,
          repeat,
          outages,
          canary,
          load.oneTime().acknowledged().stream()
              .collect(
                  Collectors.toMap(Submission.Acknowledged::jobId, Submission.Acknowledged::at)));
    }

    private Duration judged(Repeat again) {
      return judged(again.arrival(), again.after());
    }

    private Duration judged(Arrival arrival) {
      return judged(arrival, arrival.lateness());
    }

    private Duration judged(Arrival arrival, Duration lateness) {
      Duration late = lateness;
      Instant due = arrival.at().minus(lateness);
      Instant promised = accepted.get(String.valueOf(arrival.jobId()));
      if (promised != null && promised.isAfter(arrival.at().minus(late))) {
        Duration since = Duration.between(promised, arrival.at());
        late = since.isNegative() ? Duration.ZERO : since;
      }
      for (Disturbance outage : outages) {
        late = late.minus(outage.within(due, arrival.at()));
      }
      return canary.judged(late, arrival.at());
    }
  }

  static Judgement of(String fault, Load load, List<Disturbance> faults, Limits limits)
      throws Exception {
    ProxiedCluster cluster = load.cluster();
    Ledger once = cluster.target().ledger();
    Ledger beats = cluster.recurringTarget().ledger();
    Auditor ofOneTime = new Auditor(once, load.oneTime()).excusing(faults, load.longestAnswer());
    Auditor ofRecurring = new Auditor(beats, load.recurring()).excusing(faults, Duration.ZERO);
    Audit called = ofOneTime.oneTimeWithin(SETTLED);
    assertThat(called.lost()).as(fault + ": " + called + cluster.story()).isEmpty();
    Verdict.eventually(
        SETTLED,
        () ->
            assertThat(ofRecurring.recurring(Load.BEAT, load.from(), load.to()).missed())
                .as(fault + ": missed" + cluster.story())
                .isEmpty());
    Ledger after = cluster.successorTarget().ledger();
    Verdict.eventually(
        SETTLED,
        () ->
            assertThat(Extras.faults(load.oneTime(), after))
                .as(fault + ": followed" + cluster.story())
                .isEmpty());
    Verdict.eventually(
        SETTLED,
        () ->
            assertThat(cluster.records().stuck())
                .as(fault + ": stuck" + cluster.story())
                .isEmpty());
    Instant until = load.to();
    Verdict.eventually(
        SETTLED,
        () ->
            assertThat(cluster.records().against(List.of(once, beats, after), until))
                .as(fault + ": history" + cluster.story())
                .isEmpty());
    // What was on its way when its node stood still is late, and was called again in time.
    Set<Arrival> overtaken = new HashSet<>(Verdict.overtaken(once));
    overtaken.addAll(Verdict.overtaken(beats));
    Judgement judgement =
        new Judgement(
            ofOneTime.oneTime(),
            ofRecurring.recurring(Load.BEAT, load.from(), load.to()),
            lateness(limits, each -> each.attempt() <= 1 && !overtaken.contains(each), once, beats),
            Lateness.of(repeats(load, faults).stream().map(limits::judged).toList()),
            overtaken.size());
    judgement.report(fault, load, limits);
    judgement.hold(fault, load, faults, limits);
    return judgement;
  }

  private static List<Repeat> repeats(Load load, List<Disturbance> faults) {
    return ledgers(load).stream()
        .flatMap(ledger -> Repeat.in(ledger, faults, load.longestAnswer()).stream())
        .toList();
  }

  private static Lateness lateness(
      Limits limits, Predicate<Arrival> which, Ledger once, Ledger beats) {
    return Lateness.of(
        Stream.of(once, beats)
            .flatMap(ledger -> ledger.arrivals().stream())
            .filter(which)
            .map(limits::judged)
            .toList());
  }

  private void report(String fault, Load load, Limits limits) {
    LOG.info(
        "{}: {} jobs/s; one-time {}; recurring {}; first tries {}; repeats {}; overtaken {}; refused {} times, unanswered {}; {}",
        fault,
        load.perSecond(),
        oneTime,
        recurring,
        firstTries,
        repeats,
        overtaken,
        load.oneTime().refusals().size(),
        load.oneTime().unanswered(),
        limits.canary());
  }

  private void hold(String fault, Load load, List<Disturbance> faults, Limits limits) {
    String story = fault + ": " + this + load.cluster().story();
    assertThat(oneTime.atLeastOnce()).as(story).isTrue();
    assertThat(recurring.atLeastOnce()).as(story).isTrue();
    assertThat(load.oneTime().refusals()).as(story).allMatch(Submission.Refusal::isOrderly);
    assertThat(load.oneTime().acknowledged()).as(story).isNotEmpty();
    assertThat(firstTries.max()).as(story).isLessThanOrEqualTo(limits.first());
    for (Repeat again : repeats(load, faults)) {
      assertThat(limits.judged(again))
          .as("%s of %s", again, story)
          .isLessThanOrEqualTo(limits.repeat().multipliedBy(again.attempts()));
    }
  }

  private static List<Ledger> ledgers(Load load) {
    return List.of(load.cluster().target().ledger(), load.cluster().recurringTarget().ledger());
  }
}
