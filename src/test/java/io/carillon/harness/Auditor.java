package io.carillon.harness;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was promised (acknowledged submissions) with what the target saw (the ledger), and
 * on request with what the server's history says. It only reads; ask it when all is quiet.
 */
public final class Auditor {
  private final Ledger ledger;
  private final Submitter submitter;
  private final @Nullable List<Disturbance> faults;
  private final Duration callLength;

  /** Allows repeats whenever they come. */
  public Auditor(Ledger ledger, Submitter submitter) {
    this(ledger, submitter, null, Duration.ZERO);
  }

  private Auditor(
      Ledger ledger, Submitter submitter, @Nullable List<Disturbance> faults, Duration callLength) {
    this.ledger = ledger;
    this.submitter = submitter;
    this.faults = faults;
    this.callLength = callLength;
  }

  /**
   * The same auditor, who allows repeats only of what was being called during these faults.
   *
   * @param longest how long the target takes to answer
   */
  public Auditor excusing(List<Disturbance> these, Duration longest) {
    return new Auditor(ledger, submitter, List.copyOf(these), longest);
  }

  /** Judges one-time jobs, all of whose acknowledged ones should have been called by now. */
  public Audit oneTime() {
    Set<String> promised = acknowledgedIds();
    Set<String> fired = ledger.jobs();
    Set<String> lost = new TreeSet<>(promised);
    lost.removeAll(fired);
    return audit(promised, lost, Set.of(), Set.of());
  }

  /**
   * Waits until every acknowledged one-time job was called, but no longer than this, and judges.
   * What is still missing then is in the audit as lost.
   */
  public Audit oneTimeWithin(Duration limit) {
    try {
      Awaitility.await()
          .atMost(limit)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> oneTime().lost().isEmpty());
    } catch (ConditionTimeoutException missing) {
      return oneTime();
    }
    return oneTime();
  }

  /**
   * Judges jobs that recur at whole multiples of the period since the epoch (as crons of full
   * seconds do): each must have been called for every instant of the window, and for none off beat.
   *
   * @param from exclusive
   * @param to inclusive
   */
  public Audit recurring(Duration period, Instant from, Instant to) {
    Set<String> promised = acknowledgedIds();
    Map<String, Set<Instant>> called =
        ledger.arrivals().stream()
            .filter(each -> each.jobId() != null && each.scheduledAt() != null)
            .collect(
                groupingBy(
                    Arrival::jobId,
                    Collectors.mapping(Arrival::scheduledAt, toCollection(TreeSet::new))));
    Set<Instant> beats = beats(period, from, to);
    Set<String> lost = new TreeSet<>();
    Set<String> missed = new TreeSet<>();
    Set<String> extra = new TreeSet<>();
    for (String job : promised) {
      Set<Instant> instants = called.getOrDefault(job, Set.of());
      if (instants.isEmpty()) {
        lost.add(job);
      }
      beats.stream()
          .filter(beat -> !instants.contains(beat))
          .forEach(beat -> missed.add(job + " at " + beat));
      instants.stream()
          .filter(instant -> instant.toEpochMilli() % period.toMillis() != 0)
          .forEach(instant -> extra.add(job + " at " + instant));
    }
    return audit(promised, lost, missed, extra);
  }

  /**
   * Compares the history of the first so many acknowledged jobs with the ledger: each execution
   * that arrived must be in it as SUCCEEDED, and nothing in it may have ended without having
   * arrived. For targets that answer well.
   *
   * @return one line for each disagreement
   */
  public List<String> historyFaults(JsonApi node, int jobs) {
    List<String> faults = new ArrayList<>();
    submitter.acknowledged().stream()
        .limit(jobs)
        .forEach(each -> faults.addAll(historyFaults(node, each.jobId())));
    return faults;
  }

  private List<String> historyFaults(JsonApi node, String jobId) {
    Answer answer = node.get("/api/v1/jobs/" + jobId + "/executions?limit=200");
    if (answer.status() != 200) {
      return List.of(jobId + ": history answers " + answer);
    }
    List<String> faults = new ArrayList<>();
    Set<String> arrived = ledger.ofJob(jobId).stream().map(Arrival::executionId).collect(toSet());
    Set<String> recorded = new HashSet<>();
    for (JsonNode item : answer.body().path("items")) {
      String id = item.path("id").asText();
      String state = item.path("state").asText();
      recorded.add(id);
      if (arrived.contains(id) != state.equals("SUCCEEDED")) {
        faults.add(
            "%s: execution %s is %s in the history, but %s at the target"
                .formatted(jobId, id, state, arrived.contains(id) ? "arrived" : "did not arrive"));
      }
    }
    arrived.stream()
        .filter(id -> !recorded.contains(id))
        .forEach(id -> faults.add(jobId + ": execution " + id + " is not in the history"));
    return faults;
  }

  private Set<String> acknowledgedIds() {
    return submitter.acknowledged().stream().map(Submission.Acknowledged::jobId).collect(toSet());
  }

  private Audit audit(
      Set<String> promised, Set<String> lost, Set<String> missed, Set<String> extra) {
    return new Audit(
        promised.size(),
        ledger.size(),
        lost,
        phantoms(promised),
        ledger.repeatedExecutions(),
        ledger.repeatedTries(),
        faults == null ? Set.of() : ledger.repeatedOutside(faults, callLength),
        ledger.splitOccurrences(),
        missed,
        extra,
        ledger.lateness());
  }

  /** Jobs that were called though nobody was promised or may have been promised them. */
  private Set<String> phantoms(Set<String> promised) {
    Set<String> possible =
        submitter.unknown().stream().map(Submission.Unknown::tag).collect(toSet());
    Set<String> phantoms = new TreeSet<>();
    for (Arrival arrival : ledger.arrivals()) {
      String job = String.valueOf(arrival.jobId());
      if (!promised.contains(job) && !possible.contains(tag(arrival))) {
        phantoms.add(job);
      }
    }
    return phantoms;
  }

  private static String tag(Arrival arrival) {
    return arrival.body().replaceFirst("(?s).*\"tag\"\\s*:\\s*\"([^\"]*)\".*", "$1");
  }

  private static Set<Instant> beats(Duration period, Instant from, Instant to) {
    Set<Instant> beats = new TreeSet<>();
    long step = period.toMillis();
    for (long beat = (from.toEpochMilli() / step + 1) * step;
        beat <= to.toEpochMilli();
        beat += step) {
      beats.add(Instant.ofEpochMilli(beat));
    }
    return beats;
  }
}
