package io.carillon.config;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured.
 *
 * @param name as in the file
 * @param fallback the text that stands if nothing is said; null leaves the key without a value
 * @param type reads the text; throws {@link IllegalArgumentException} saying what is expected
 * @param secret true keeps the value out of every message
 */
record Key<T>(String name, @Nullable String fallback, Function<String, T> type, boolean secret) {

  static <T> Key<T> of(String name, @Nullable String fallback, Function<String, T> type) {
    return new Key<>(name, fallback, type, false);
  }

  static <T> Key<T> secret(String name, @Nullable String fallback, Function<String, T> type) {
    return new Key<>(name, fallback, type, true);
  }

  /** The environment variable that overrides the key. */
  String variable() {
    return name.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
