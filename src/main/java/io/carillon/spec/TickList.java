package io.carillon.spec;

import io.carillon.cron.Note;
import io.carillon.cron.Tick;
import io.carillon.job.Timetable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Planned instants on their way into an answer: bounded in every way. Not thread-safe. */
final class TickList {
  static final int MOST = 1_000;

  /** Neighbours that do not run: of more, the others are left out, so that runs come into sight. */
  private static final int MOST_NEIGHBOURS = 100;

  private final List<Tick> ticks = new ArrayList<>();
  private final boolean passedOver;
  private int wanted;
  private long left;
  private int neighbours;

  /**
   * @param wanted how many that run
   * @param left how many of them {@code maxRuns} leaves
   * @param passedOver whether those that do not run are told too; they do not count as wanted
   */
  TickList(int wanted, long left, boolean passedOver) {
    this.wanted = wanted;
    this.left = left;
    this.passedOver = passedOver;
  }

  List<Tick> ticks() {
    return ticks;
  }

  boolean isFull() {
    return wanted <= 0 || left < 0 || ticks.size() >= MOST;
  }

  /** Whether those that do not run are told where the list has come to. */
  boolean tellsPassedOver() {
    return passedOver && neighbours < MOST_NEIGHBOURS;
  }

  /** Nothing if the list is full. */
  void add(Tick tick) {
    if (isFull()) {
      return;
    }
    Tick bounded = tick.runs() && left == 0 ? new Tick(tick.at(), Note.BOUND) : tick;
    if (bounded.runs()) {
      wanted--;
      left--;
      neighbours = 0;
      ticks.add(bounded);
      return;
    }
    neighbours++;
    if (bounded.note() == Note.BOUND) {
      left = -1;
    }
    if (passedOver) {
      ticks.add(bounded);
    }
  }

  /** All strictly after an instant, as far as there is room. */
  void addAll(Timetable times, Instant after) {
    Instant from = after;
    while (!isFull()) {
      Optional<Tick> tick =
          tellsPassedOver() ? times.tick(from) : times.next(from).map(at -> noted(times, at));
      if (tick.isEmpty()) {
        return;
      }
      add(tick.get());
      from = tick.get().at();
    }
  }

  /** With what is said of an instant that runs. */
  static Tick noted(Timetable times, Instant at) {
    return times
        .tick(at.minusMillis(1))
        .filter(tick -> tick.at().equals(at) && tick.runs())
        .orElse(Tick.of(at));
  }
}
