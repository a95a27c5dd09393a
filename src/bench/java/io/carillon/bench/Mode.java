package io.carillon.bench;

import java.util.Map;

/** One thing to measure. Used by one thread. */
interface Mode {

  /**
   * Measures, prints its table, and hands over the figures of the last line, in their order.
   *
   * @throws BenchFault if it cannot go on
   */
  Map<String, Object> run(Stage stage);
}
