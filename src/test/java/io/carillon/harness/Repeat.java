package io.carillon.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A call that was made again.
 *
 * @param since the begin of the fault that met the attempt before it, or that attempt if it came
 *     while the fault was at work, or no fault met it; of an attempt that never arrived, the
 *     instant at which it was due
 * @param attempts how many attempts it is since then
 */
public record Repeat(Arrival arrival, Instant since, int attempts) {
  /** How long after that it arrived. */
  public Duration after() {
    return Duration.between(since, arrival.at());
  }

  /**
   * All that arrived as a second attempt or a later one.
   *
   * @param length how long the target takes to answer
   */
  public static List<Repeat> in(Ledger ledger, List<Disturbance> faults, Duration length) {
    List<Repeat> repeats = new ArrayList<>();
    List<Arrival> arrivals = ledger.arrivals();
    for (Arrival each : arrivals) {
      if (each.attempt() > 1) {
        repeats.add(of(each, arrivals, faults, length));
      }
    }
    return repeats;
  }

  private static Repeat of(
      Arrival each, List<Arrival> arrivals, List<Disturbance> faults, Duration length) {
    Optional<Arrival> before =
        arrivals.stream()
            .filter(other -> String.valueOf(other.executionId()).equals(each.executionId()))
            .filter(other -> other.attempt() < each.attempt() && other.at().isBefore(each.at()))
            .max(Comparator.comparingInt(Arrival::attempt));
    Instant met = before.map(Arrival::at).orElse(each.at().minus(each.lateness()));
    Instant since =
        faults.stream()
            .filter(fault -> fault.touches(met, length))
            .map(fault -> fault.from().isAfter(met) ? fault.from() : met)
            .min(Comparator.naturalOrder())
            .orElse(met);
    return new Repeat(each, since, each.attempt() - before.map(Arrival::attempt).orElse(1));
  }
}
