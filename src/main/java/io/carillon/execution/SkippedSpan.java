package io.carillon.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row that stands for several planned instants, and how many of them were met. One thread. */
final class SkippedSpan {
  private final LedgerRow row;
  private int met;
  private int passedOver;

  private SkippedSpan(LedgerRow row) {
    this.row = row;
  }

  @Nullable String reason() {
    return row.reason();
  }

  Instant from() {
    return row.from();
  }

  Instant to() {
    return row.to();
  }

  void meet() {
    met++;
  }

  /** Within it, an instant that a calendar passes over today. */
  void passOver() {
    passedOver++;
  }

  int passedOver() {
    return passedOver;
  }

  /** Instants that it stands for and that were not met. */
  int left() {
    return Math.max(0, row.count() - met);
  }

  /** The spans of a generation, asked for in order of time. */
  static final class Sweep {
    private final List<SkippedSpan> all = new ArrayList<>();
    private final List<SkippedSpan> begun = new ArrayList<>();
    private int next;

    Sweep(List<LedgerRow> rows) {
      rows.stream()
          .sorted(Comparator.comparing(LedgerRow::from))
          .forEach(row -> all.add(new SkippedSpan(row)));
    }

    List<SkippedSpan> all() {
      return all;
    }

    /**
     * Of the spans that an instant lies in and that have room, the one that ends first: they may
     * overlap, and so each instant finds its place if there is any.
     */
    Optional<SkippedSpan> at(Instant instant) {
      while (next < all.size() && !all.get(next).from().isAfter(instant)) {
        begun.add(all.get(next++));
      }
      begun.removeIf(span -> span.to().isBefore(instant));
      return begun.stream()
          .filter(span -> span.left() > 0)
          .min(Comparator.comparing(SkippedSpan::to));
    }
  }
}
