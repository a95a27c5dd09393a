package io.carillon.api;

import java.util.List;
import java.util.Map;

/** Tells how the server is. Thread-safe; answers at once, from memory. */
public interface HealthSource {
  /** Whether the process is worth keeping. */
  Check live();

  /** Whether requests should be sent here. */
  Check ready();

  /** What operations staff want to see, JSON-like; without secrets. */
  Map<String, Object> details();

  /**
   * @param reasons why not; empty if it is well
   */
  record Check(List<String> reasons) {
    public static final Check WELL = new Check(List.of());

    public Check {
      reasons = List.copyOf(reasons);
    }

    public static Check not(String... reasons) {
      return new Check(List.of(reasons));
    }

    public boolean well() {
      return reasons.isEmpty();
    }
  }
}
