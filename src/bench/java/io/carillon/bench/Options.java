package io.carillon.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line: a mode and {@code --name value} pairs. Immutable.
 *
 * @param settings further configuration keys for our nodes, from {@code --set key=value}
 * @param stockSettings the same for stock's nodes, from {@code --stock-set key=value}
 */
record Options(
    String mode,
    Map<String, String> values,
    Map<String, String> settings,
    Map<String, String> stockSettings) {
  private static final String SET = "set";
  private static final String STOCK_SET = "stock-set";

  private static final List<String> NAMES =
      List.of(
          "side",
          "runs",
          "jobs",
          "warm-up",
          "stock-jobs",
          "nodes",
          "rate",
          "seconds",
          "zone",
          "target",
          "stored",
          "backlog",
          "java",
          "xmx",
          SET,
          STOCK_SET);

  Options {
    values = Map.copyOf(values);
    settings = Map.copyOf(settings);
    stockSettings = Map.copyOf(stockSettings);
  }

  /**
   * @throws IllegalArgumentException if an option is not known or has no value
   */
  static Options parse(String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("no mode given");
    }
    Map<String, String> values = new TreeMap<>();
    Map<String, String> settings = new TreeMap<>();
    Map<String, String> stockSettings = new TreeMap<>();
    for (int i = 1; i < arguments.length; i += 2) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!NAMES.contains(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException("unknown option or no value: " + arguments[i]);
      }
      String value = arguments[i + 1];
      if (name.equals(SET)) {
        put(settings, value);
      } else if (name.equals(STOCK_SET)) {
        put(stockSettings, value);
      } else {
        values.put(name, value);
      }
    }
    return new Options(arguments[0], values, settings, stockSettings);
  }

  private static void put(Map<String, String> settings, String setting) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("a setting is key=value, not " + setting);
    }
    settings.put(setting.substring(0, equals), setting.substring(equals + 1));
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : Integer.parseInt(value.replace("_", "").replace(",", ""));
  }

  /** How often each measurement is repeated; figures are medians. */
  int runs() {
    return Math.max(1, number("runs", 3));
  }

  boolean stock() {
    return !text("side", "both").equals("carillon");
  }

  boolean carillon() {
    return !text("side", "both").equals("stock");
  }

  /** Whether our jobs call an HTTP target, in place of doing nothing. */
  boolean http() {
    return text("target", "noop").equals("http");
  }
}
