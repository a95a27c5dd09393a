package io.carillon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The raw texts by key, and the faults found while reading them. A faulty value reads as its
 * default, so that all other checks still run. Not for several threads until reading is over.
 */
final class Settings {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  private Settings() {}

  /** Takes the file's values, then the environment's over them. */
  static Settings read(Map<String, String> file, Map<String, String> environment) {
    Settings settings = new Settings();
    Map<String, Key<?>> known =
        Keys.all().stream().collect(Collectors.toMap(Key::name, Function.identity()));
    Map<String, Key<?>> variables =
        Keys.all().stream().collect(Collectors.toMap(Key::variable, Function.identity()));
    file.forEach(
        (name, text) -> {
          if (known.containsKey(name)) {
            settings.texts.put(name, text.strip());
          } else {
            settings.unknown(name);
          }
        });
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              Key<?> key = variables.get(variable);
              if (key != null && !text.isBlank()) {
                settings.texts.put(key.name(), text.strip());
              } else if (key == null && ours(variable)) {
                settings.warnings.add(
                    "the environment variable " + Values.printable(variable) + " is not known");
              }
            });
    Keys.all().forEach(settings::parse);
    return settings;
  }

  private static boolean ours(String variable) {
    return variable.startsWith("CARILLON_") || variable.startsWith("ORG_QUARTZ_");
  }

  private void unknown(String name) {
    String suggestion = Keys.nearest(name).map(near -> "did you mean " + near + "?").orElse(null);
    faults.put(name, new Fault(Values.printable(name), null, "is not a known key", suggestion));
  }

  private <T> void parse(Key<T> key) {
    String text = texts.get(key.name());
    if (text != null && !text.isEmpty()) {
      try {
        values.put(key.name(), key.type().apply(text));
        return;
      } catch (IllegalArgumentException bad) {
        fault(key, String.valueOf(bad.getMessage()), null);
      }
    }
    texts.remove(key.name());
    if (key.fallback() != null) {
      values.put(key.name(), key.type().apply(key.fallback()));
    }
  }

  /** Notes a fault; the first one of a key counts. */
  void fault(Key<?> key, String message, @Nullable String suggestion) {
    String text = texts.get(key.name());
    String shown = key.secret() || text == null ? null : Values.withoutSecrets(text);
    faults.putIfAbsent(key.name(), new Fault(key.name(), shown, message, suggestion));
  }

  boolean faulty(Key<?> key) {
    return faults.containsKey(key.name());
  }

  /** True if the file or the environment gave it a value. */
  boolean given(Key<?> key) {
    return texts.containsKey(key.name());
  }

  /** The value of a key that has a default. */
  <T> T get(Key<T> key) {
    return Objects.requireNonNull(find(key), key.name());
  }

  /** The value, or null if the key has no default and was not set. */
  @SuppressWarnings("unchecked") // parse() put in what the key's own type returned
  <T> @Nullable T find(Key<T> key) {
    return (T) values.get(key.name());
  }

  /** As given or by default. */
  @Nullable String text(Key<?> key) {
    return texts.getOrDefault(key.name(), key.fallback());
  }

  List<Fault> faults() {
    return List.copyOf(faults.values());
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
