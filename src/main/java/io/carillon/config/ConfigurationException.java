package io.carillon.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Carries every fault at once; the process exits with 2. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  ConfigurationException(String source, List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> "\n  " + fault)
            .collect(
                Collectors.joining(
                    "",
                    "%d %s in the configuration (%s):"
                        .formatted(faults.size(), faults.size() == 1 ? "fault" : "faults", source),
                    "")));
    this.faults = List.copyOf(faults);
  }

  /** In the order in which they were found; at least one. */
  public List<Fault> faults() {
    return faults;
  }
}
