package io.carillon.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The auditor's findings.
 *
 * @param promised acknowledged jobs
 * @param calls arrivals at the target
 * @param lost promised jobs that were never called
 * @param phantom jobs that were called without a promise
 * @param repeated executions that arrived more than once, with their number of arrivals
 * @param repeatedTries the same attempt of the same execution more than once
 * @param outside executions that arrived more than once though no fault was at work when they did
 * @param split occurrences that arrived under two execution ids
 * @param missed occurrences of recurring jobs that never arrived
 * @param extra instants of recurring jobs that are none of theirs
 */
public record Audit(
    int promised,
    int calls,
    Set<String> lost,
    Set<String> phantom,
    Map<String, Long> repeated,
    Map<Ledger.Try, Long> repeatedTries,
    Set<String> outside,
    Map<Ledger.Occurrence, Set<String>> split,
    Set<String> missed,
    Set<String> extra,
    Lateness lateness) {
  private static final int SHOWN = 5;

  /** Whether every occurrence arrived, and once. */
  public boolean exactlyOnce() {
    return atLeastOnce() && repeated.isEmpty();
  }

  /** Whether nothing was lost, invented or given two ids. Repeats under the old id are allowed. */
  public boolean atLeastOnce() {
    return lost.isEmpty()
        && phantom.isEmpty()
        && split.isEmpty()
        && missed.isEmpty()
        && extra.isEmpty()
        && repeatedTries.isEmpty()
        && outside.isEmpty();
  }

  /** For people: one line of figures, and the first few cases of each finding. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add("promised %d, calls %d, lateness %s".formatted(promised, calls, lateness));
    show(lines, "lost", lost);
    show(lines, "phantom", phantom);
    show(lines, "repeated executions", repeated.entrySet());
    show(lines, "same attempt twice", repeatedTries.entrySet());
    show(lines, "repeated outside a fault", outside);
    show(lines, "one occurrence under two ids", split.entrySet());
    show(lines, "missed occurrences", missed);
    show(lines, "extra occurrences", extra);
    return String.join("\n", lines);
  }

  private static void show(List<String> lines, String finding, Collection<?> cases) {
    if (!cases.isEmpty()) {
      lines.add(
          "  %s: %d, for example %s"
              .formatted(finding, cases.size(), cases.stream().limit(SHOWN).toList()));
    }
  }
}
