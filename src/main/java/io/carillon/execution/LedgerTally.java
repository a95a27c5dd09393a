package io.carillon.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sums of one ledger while it is drawn up. One use, one thread. */
final class LedgerTally {
  private static final int MOST_MISSING_TOLD = 100;

  private final Map<String, Long> skipped = new TreeMap<>();
  private final List<Instant> missing = new ArrayList<>();
  private long planned;
  private long succeeded;
  private long failed;
  private long cancelled;
  private long open;
  private long missingCount;
  private long unexpected;
  private long byHand;

  /** One planned instant, as its row has it. */
  void add(ExecutionState state, @Nullable String reason) {
    switch (state) {
      case SUCCEEDED -> succeeded++;
      case FAILED -> failed++;
      case CANCELLED -> cancelled++;
      case SKIPPED -> {
        skip(reason, 1);
        return;
      }
      default -> open++;
    }
    plan(1);
  }

  /** Planned instants that were not run. */
  void skip(@Nullable String reason, long count) {
    if (count > 0) {
      skipped.merge(reason == null ? "UNKNOWN" : reason, count, Long::sum);
      plan(count);
    }
  }

  /** Planned instants that were counted under one reason and belong to another. */
  void move(String reason, @Nullable String to, long count) {
    if (count > 0) {
      skipped.computeIfPresent(reason, (same, had) -> had == count ? null : had - count);
      planned -= count;
      skip(to, count);
    }
  }

  void open() {
    open++;
    plan(1);
  }

  void missing(Instant at) {
    missing.add(at);
    missingCount++;
    plan(1);
  }

  void unexpected(long count) {
    unexpected += count;
  }

  void byHand() {
    byHand++;
  }

  private void plan(long count) {
    planned += count;
    if (planned > Ledgers.MOST_INSTANTS) {
      throw new Ledgers.TooManyInstants();
    }
  }

  Ledger ledger(Instant from, Instant to) {
    Collections.sort(missing);
    return new Ledger(
        from,
        to,
        planned,
        succeeded,
        failed,
        cancelled,
        Collections.unmodifiableMap(skipped),
        open,
        missing.subList(0, Math.min(MOST_MISSING_TOLD, missing.size())),
        missingCount,
        unexpected,
        byHand);
  }
}
