package io.carillon.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types a value can have. Each reader takes trimmed text and throws {@link
 * IllegalArgumentException} whose message says what is expected, without repeating the value.
 */
final class Values {
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30);
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9_-]{0,62}))*\\.?");
  private static final Pattern DOTTED = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:.]{2,45}");

  private Values() {}

  static Function<String, String> text() {
    return text -> text;
  }

  static Function<String, String> matching(String pattern, String says) {
    Pattern compiled = Pattern.compile(pattern);
    return text -> {
      require(compiled.matcher(text).matches(), "must be " + says);
      return text;
    };
  }

  static Function<String, String> exactly(String value, String why) {
    return text -> {
      require(text.equals(value), "can only be " + value + (why.isEmpty() ? "" : " (" + why + ")"));
      return text;
    };
  }

  static Function<String, Boolean> bool() {
    return text ->
        switch (text.toLowerCase(Locale.ROOT)) {
          case "true" -> true;
          case "false" -> false;
          default -> throw new IllegalArgumentException("must be true or false");
        };
  }

  static Function<String, Integer> integer(int min, int max) {
    return text -> Math.toIntExact(whole(text, min, max, "must be a whole number"));
  }

  /** A bare number of milliseconds, as Quartz wants its times. */
  static Function<String, Long> millis(long min, long max) {
    return text -> whole(text, min, max, "must be a number of milliseconds without a unit");
  }

  private static long whole(String text, long min, long max, String says) {
    String message = says + " from " + min + " to " + max;
    require(text.matches("-?\\d{1,18}"), message);
    long value = Long.parseLong(text);
    require(value >= min && value <= max, message);
    return value;
  }

  /** Above 0, at most 1. */
  static Function<String, Double> share() {
    return text -> {
      String message = "must be a share such as 0.5, above 0 and at most 1";
      require(text.matches("[01](\\.\\d{1,6})?"), message);
      double value = Double.parseDouble(text);
      require(value > 0 && value <= 1, message);
      return value;
    };
  }

  /** Calls per second; {@code off} or 0 is no limit. */
  static int rate(String text) {
    return text.equalsIgnoreCase("off") ? 0 : integer(0, 1_000_000).apply(text);
  }

  static Function<String, Duration> duration(Duration min, Duration max) {
    return text -> {
      Duration value = readDuration(text);
      require(
          value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
          "must be from " + show(min) + " to " + show(max));
      return value;
    };
  }

  private static Duration readDuration(String text) {
    String message = "must be a length of time such as 500ms, 30s, 5m, 4h, 30d or PT30S";
    if (text.startsWith("P") || text.startsWith("p")) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException notIso) {
        throw new IllegalArgumentException(message, notIso);
      }
    }
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    return Duration.ofMillis(scaled(text, MILLIS, message));
  }

  static Function<String, Long> bytes(long min, long max) {
    return text -> {
      long value = scaled(text, BYTES, "must be a size such as 512KB or 8MB");
      require(
          value >= min && value <= max, "must be from " + min + " bytes to " + (max >> 20) + "MB");
      return value;
    };
  }

  private static long scaled(String text, Map<String, Long> units, String message) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    require(matcher.matches(), message);
    Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
    require(unit != null, message);
    BigInteger value = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
    require(value.bitLength() < 63, message);
    return value.longValue();
  }

  static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    return text -> {
      String name = text.toLowerCase(Locale.ROOT);
      require(names.contains(name), "must be one of " + String.join(", ", names));
      return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    };
  }

  /** Comma-separated; empty parts are passed over. */
  static <T> Function<String, List<T>> listOf(Function<String, T> element) {
    return text ->
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .map(element)
            .toList();
  }

  static String host(String text) {
    String bare = text.startsWith("[") && text.endsWith("]") ? unbracket(text) : text;
    require(
        isAddress(bare) || (NAME.matcher(bare).matches() && !DOTTED.matcher(bare).matches()),
        "must be a host name or an IP address, without a port");
    return bare.toLowerCase(Locale.ROOT);
  }

  static String hostOrNetwork(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(text);
    }
    String address = text.substring(0, slash);
    int bits = integer(0, address.contains(":") ? 128 : 32).apply(text.substring(slash + 1));
    require(isAddress(address), "must be a host or a network such as 10.1.0.0/16");
    return address.toLowerCase(Locale.ROOT) + "/" + bits;
  }

  static String apiKey(String text) {
    require(
        text.matches("[\\x21-\\x7e]{1,256}"),
        "must hold keys of 1 to 256 visible ASCII characters");
    return text;
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException notAPath) {
      throw new IllegalArgumentException("must be a path", notAPath);
    }
  }

  static String jdbcUrl(String text) {
    String url = text.startsWith("jdbc:mariadb:") ? "jdbc:mysql:" + text.substring(13) : text;
    require(
        url.matches("jdbc:mysql:[^\\s]*//[^\\s/]+/[^\\s/?]+(\\?[^\\s]*)?"),
        "must look like jdbc:mysql://host:3306/schema");
    return url;
  }

  /** True for the addresses that only this machine can reach. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || (host.startsWith("127.") && IPV4.matcher(host).matches())
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1");
  }

  /** A JDBC URL without user info and without the values of parameters that are secrets. */
  static String withoutSecrets(String url) {
    return printable(url)
        .replaceAll("//[^/@?]*@", "//***@")
        .replaceAll("(?i)([?&(,][^=&(,]*(?:password|secret|key)[^=&]*)=[^&),]*", "$1=***");
  }

  /** Control characters made visible, long text cut. */
  static String printable(String text) {
    String cut = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    StringBuilder line = new StringBuilder(cut.length());
    cut.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.append((char) c);
              }
            });
    return line.toString();
  }

  private static String unbracket(String text) {
    return text.substring(1, text.length() - 1);
  }

  private static boolean isAddress(String text) {
    return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
  }

  private static String show(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    return duration.toMillis() % MILLIS.get("d") == 0
        ? duration.toDays() + "d"
        : duration.toSeconds() + "s";
  }

  private static void require(boolean good, String message) {
    if (!good) {
      throw new IllegalArgumentException(message);
    }
  }
}
