package io.carillon.execution;

import io.carillon.cron.Note;
import io.carillon.cron.Tick;
import io.carillon.execution.PlannedGeneration.Rest;
import io.carillon.job.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the generations of a schedule planned with what history holds. Pure; some
 * microseconds an instant. One use, one thread.
 */
public final class Reckoning {
  private final Instant from;
  private final Instant to;
  private final LedgerTally tally = new LedgerTally();

  private Reckoning(Instant from, Instant to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Draws up the ledger of a range.
   *
   * @param from first instant
   * @param to the range ends before it
   * @param generations those that planned anything in it
   * @param rows of the range, and those from before it that stand for instants in it
   * @throws Ledgers.TooManyInstants if there are too many planned instants
   */
  public static Ledger of(
      Instant from,
      Instant to,
      Collection<PlannedGeneration> generations,
      Collection<LedgerRow> rows) {
    Reckoning reckoning = new Reckoning(from, to);
    Map<Integer, List<LedgerRow>> byGeneration = new HashMap<>();
    for (LedgerRow row : rows) {
      if (row.planned()) {
        byGeneration.computeIfAbsent(row.generation(), same -> new ArrayList<>()).add(row);
      } else if (reckoning.isWithin(row.from())) {
        reckoning.tally.byHand();
      }
    }
    for (PlannedGeneration generation : generations) {
      List<LedgerRow> own = byGeneration.remove(generation.number());
      reckoning.add(generation, own == null ? List.of() : own);
    }
    byGeneration.values().forEach(reckoning::addUnexpected);
    return reckoning.tally.ledger(from, to);
  }

  private boolean isWithin(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }

  private void add(PlannedGeneration generation, List<LedgerRow> rows) {
    Map<Instant, LedgerRow> single = new HashMap<>();
    List<LedgerRow> spans = new ArrayList<>();
    for (LedgerRow row : rows) {
      if (row.isSpan()) {
        spans.add(row);
      } else {
        single.put(row.from(), row);
      }
    }
    if (generation.schedule() instanceof Schedule.FixedDelay) {
      addArmed(generation, rows, single);
    } else if (generation.schedule().recurring()) {
      walk(generation, single, new SkippedSpan.Sweep(spans));
    } else {
      addOnce(generation, rows, single);
    }
  }

  /** Its plan is what was armed: each instant hangs on the run before it. */
  private void addArmed(
      PlannedGeneration generation, List<LedgerRow> rows, Map<Instant, LedgerRow> single) {
    rows.forEach(this::addRow);
    Instant armed = generation.armed();
    if (armed != null && isWithin(armed) && !single.containsKey(armed)) {
      tally.open();
    }
  }

  /**
   * What was relative to an acceptance may have run a little later than the schedule alone says.
   */
  private void addOnce(
      PlannedGeneration generation, List<LedgerRow> rows, Map<Instant, LedgerRow> single) {
    if (!rows.isEmpty() || generation.armed() != null) {
      addArmed(generation, rows, single);
      return;
    }
    generation
        .plan()
        .next(generation.after())
        .filter(tick -> tick.note() != Note.BOUND && isWithin(tick.at()))
        .filter(tick -> generation.end() == null || !tick.at().isAfter(generation.end()))
        .ifPresent(tick -> settle(tick, generation.rest()));
  }

  private void addUnexpected(List<LedgerRow> rows) {
    for (LedgerRow row : rows) {
      addRow(row);
      tally.unexpected(isWithin(row.from()) ? row.count() : 0);
    }
  }

  private void addRow(LedgerRow row) {
    if (!isWithin(row.from())) {
      return;
    }
    if (row.state() == ExecutionState.SKIPPED) {
      tally.skip(row.reason(), row.count());
    } else {
      tally.add(row.state(), row.reason());
    }
  }

  private void walk(
      PlannedGeneration generation, Map<Instant, LedgerRow> single, SkippedSpan.Sweep spans) {
    Instant first = from;
    Instant last = to;
    for (SkippedSpan span : spans.all()) {
      first = span.from().isBefore(first) ? span.from() : first;
      last = span.to().isBefore(last) ? last : span.to().plusMillis(1);
    }
    Instant begin = first.minusMillis(1);
    Instant at = generation.after().isAfter(begin) ? generation.after() : begin;
    long runs = 0;
    while (true) {
      Optional<Tick> next = generation.plan().next(at);
      if (next.isEmpty() || isOver(generation, next.get(), last)) {
        break;
      }
      Tick tick = next.get();
      at = tick.at();
      if (tick.runs() && generation.armed() != null && !at.isBefore(generation.armed())) {
        runs++;
        if (generation.runsLeft() != null && runs > generation.runsLeft()) {
          break;
        }
      }
      meet(tick, generation.rest(), single.remove(at), spans);
    }
    close(single, spans);
  }

  private static boolean isOver(PlannedGeneration generation, Tick tick, Instant last) {
    Instant end = generation.end();
    return tick.note() == Note.BOUND
        || !tick.at().isBefore(last)
        || end != null && tick.at().isAfter(end);
  }

  private void meet(Tick tick, Rest rest, @Nullable LedgerRow row, SkippedSpan.Sweep spans) {
    boolean counts = isWithin(tick.at());
    if (row != null) {
      if (counts) {
        tally.add(row.state(), row.reason());
      }
      return;
    }
    Optional<SkippedSpan> span = spans.at(tick.at());
    if (span.isPresent() && tick.runs()) {
      span.get().meet();
      if (counts) {
        tally.skip(span.get().reason(), 1);
      }
    } else if (counts) {
      span.ifPresent(SkippedSpan::passOver);
      settle(tick, rest);
    }
  }

  /** An instant of which nothing was written. */
  private void settle(Tick tick, Rest rest) {
    if (tick.note() == Note.CALENDAR) {
      tally.skip(Reasons.CALENDAR, 1);
    } else if (tick.note() == Note.DST_GAP_SKIPPED) {
      tally.skip(Reasons.DST_GAP, 1);
    } else if (tick.at().isBefore(rest.from())) {
      tally.missing(tick.at());
    } else if (rest.reason() == null) {
      tally.open();
    } else {
      tally.skip(rest.reason(), 1);
    }
  }

  /** What history holds beyond the plan: told as planned then. */
  private void close(Map<Instant, LedgerRow> single, SkippedSpan.Sweep spans) {
    for (SkippedSpan span : spans.all()) {
      if (isWithin(span.from())) {
        int excludedSince = Math.min(span.left(), span.passedOver());
        tally.move(Reasons.CALENDAR, span.reason(), excludedSince);
        int more = span.left() - excludedSince;
        tally.skip(span.reason(), more);
        tally.unexpected(more);
      }
    }
    addUnexpected(List.copyOf(single.values()));
  }
}
