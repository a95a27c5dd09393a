package io.carillon.config;

import java.util.List;

/**
 * Which otherwise denied targets may be called.
 *
 * @param allow exact hosts, or networks such as {@code 10.1.0.0/16}; lower case
 * @param local true without API keys: targets on loopback and private networks are allowed
 */
public record EgressConfig(List<String> allow, boolean local) {
  public EgressConfig {
    allow = List.copyOf(allow);
  }
}
