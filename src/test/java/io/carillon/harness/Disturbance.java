package io.carillon.harness;

import java.time.Duration;
import java.time.Instant;

/** The time in which a fault was at work: what was being called then may be called again. */
public record Disturbance(Instant from, Instant to) {
  /** How long after its answer a call may still wait to be written down. */
  private static final Duration UNWRITTEN = Duration.ofSeconds(2);

  /** A fault of a moment. */
  public static Disturbance at(Instant moment) {
    return new Disturbance(moment, moment);
  }

  /** From so far back until now. */
  public static Disturbance since(Instant from) {
    return new Disturbance(from, Instant.now());
  }

  /**
   * Whether a call that arrived then may have been running, or not yet written down, meanwhile.
   *
   * @param length how long the target takes to answer
   */
  boolean touches(Instant arrival, Duration length) {
    return !arrival.isAfter(to) && !arrival.plus(length).plus(UNWRITTEN).isBefore(from);
  }

  public Duration length() {
    return Duration.between(from, to);
  }

  /** How much of a time this fault was at work. */
  public Duration within(Instant begin, Instant end) {
    Instant first = from.isAfter(begin) ? from : begin;
    Instant last = to.isBefore(end) ? to : end;
    return first.isBefore(last) ? Duration.between(first, last) : Duration.ZERO;
  }
}
