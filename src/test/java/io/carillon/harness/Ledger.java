package io.carillon.harness;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Every call that arrived at the target, in the order of arrival: the judge of all tests.
 * Thread-safe; queries look at what has arrived so far and cost time linear in it.
 */
public final class Ledger {
  private static final int KEPT_NOTES = 1_000;

  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger noted = new AtomicInteger();

  /** One planned firing as the caller names it: a job and one of its instants. */
  public record Occurrence(String jobId, Instant scheduledAt) {}

  /** One try of an execution. */
  public record Try(String executionId, int attempt) {}

  public void record(Arrival arrival) {
    arrivals.add(arrival);
    size.incrementAndGet();
  }

  /** Something odd that the target met, for the report; the first 1,000 are kept. */
  void note(String text) {
    if (noted.incrementAndGet() <= KEPT_NOTES) {
      notes.add(text);
    }
  }

  public List<String> notes() {
    return List.copyOf(notes);
  }

  public int size() {
    return size.get();
  }

  public List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  public List<Arrival> ofJob(String jobId) {
    return arrivals.stream().filter(each -> jobId.equals(each.jobId())).toList();
  }

  public List<Arrival> ofExecution(String executionId) {
    return arrivals.stream().filter(each -> executionId.equals(each.executionId())).toList();
  }

  /** The jobs that were called at least once. */
  public Set<String> jobs() {
    return arrivals.stream().map(Arrival::jobId).filter(Objects::nonNull).collect(toSet());
  }

  /** The arrivals that do not say which execution they belong to. */
  public List<Arrival> anonymous() {
    return arrivals.stream().filter(each -> each.executionId() == null).toList();
  }

  /** The same execution id with the same attempt more than once, with the number of arrivals. */
  public Map<Try, Long> repeatedTries() {
    Map<Try, Long> counts =
        identified().collect(groupingBy(each -> new Try(id(each), each.attempt()), counting()));
    counts.values().removeIf(count -> count < 2);
    return counts;
  }

  /** Executions that arrived more than once, whatever the attempt, with the number of arrivals. */
  public Map<String, Long> repeatedExecutions() {
    Map<String, Long> counts = identified().collect(groupingBy(Ledger::id, counting()));
    counts.values().removeIf(count -> count < 2);
    return counts;
  }

  /**
   * Executions that arrived again though no fault was at work while an earlier arrival was being
   * answered.
   *
   * @param length how long the target takes to answer
   */
  Set<String> repeatedOutside(List<Disturbance> faults, Duration length) {
    Map<String, List<Arrival>> all = identified().collect(groupingBy(Ledger::id));
    all.values().removeIf(each -> each.size() < 2 || isExcused(each, faults, length));
    return Set.copyOf(all.keySet());
  }

  /** All but the last arrival of an execution must have met a fault. */
  private static boolean isExcused(
      List<Arrival> arrivals, List<Disturbance> faults, Duration length) {
    return arrivals.stream()
        .sorted(Comparator.comparing(Arrival::at))
        .limit(arrivals.size() - 1L)
        .allMatch(each -> faults.stream().anyMatch(fault -> fault.touches(each.at(), length)));
  }

  /** Occurrences that arrived under two execution ids or more, which nothing may excuse. */
  public Map<Occurrence, Set<String>> splitOccurrences() {
    Map<Occurrence, Set<String>> ids =
        identified()
            .filter(each -> each.jobId() != null && each.scheduledAt() != null)
            .collect(groupingBy(Ledger::occurrence, mapping(Ledger::id, toSet())));
    ids.values().removeIf(each -> each.size() < 2);
    return ids;
  }

  /** The instants for which a job was called. */
  public Set<Instant> instantsOf(String jobId) {
    return ofJob(jobId).stream()
        .map(Arrival::scheduledAt)
        .filter(Objects::nonNull)
        .collect(toSet());
  }

  /** How late the first arrival of each execution was. */
  public Lateness lateness() {
    Map<String, Duration> first =
        identified()
            .filter(each -> each.scheduledAt() != null)
            .collect(toMap(Ledger::id, Arrival::lateness, (one, other) -> min(one, other)));
    return Lateness.of(first.values());
  }

  private Stream<Arrival> identified() {
    return arrivals.stream().filter(each -> each.executionId() != null);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String id(Arrival arrival) {
    return Objects.requireNonNull(arrival.executionId());
  }

  private static Occurrence occurrence(Arrival arrival) {
    return new Occurrence(
        Objects.requireNonNull(arrival.jobId()), Objects.requireNonNull(arrival.scheduledAt()));
  }
}
