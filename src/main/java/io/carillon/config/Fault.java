package io.carillon.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with the configuration.
 *
 * @param key as in the file
 * @param value what was given; null if it is a secret or not set
 * @param message what is wrong, as half a sentence
 * @param suggestion what to do instead; null if the message says it
 */
public record Fault(
    String key, @Nullable String value, String message, @Nullable String suggestion) {

  /** One line for people. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(key);
    if (value != null) {
      line.append(" = ").append(Values.printable(value));
    }
    line.append(": ").append(message);
    if (suggestion != null) {
      line.append("; ").append(suggestion);
    }
    return line.toString();
  }
}
