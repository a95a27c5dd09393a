package io.carillon.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Medians of repeated runs. Stateless. */
final class Median {
  private Median() {}

  /** The median of one figure; of an even number of runs the lower of the middle two. */
  static <T> double of(List<T> runs, ToDoubleFunction<T> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
  }

  /** The run whose figure is the median. */
  static <T> T run(List<T> runs, ToDoubleFunction<T> figure) {
    List<T> sorted = runs.stream().sorted(Comparator.comparingDouble(figure)).toList();
    return sorted.get((sorted.size() - 1) / 2);
  }

  /** Rounded to so many digits after the point, for the last line. */
  static double rounded(double value, int digits) {
    double factor = Math.pow(10, digits);
    return Math.round(value * factor) / factor;
  }
}
