package io.carillon.target;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares a host as it was written with the canonical host that OkHttp will call. Whatever two
 * readers could understand differently (decimal, octal, hex and short IPv4 forms, full-width
 * digits, percent-encoding, a trailing dot) is ambiguous, and ambiguous hosts are refused rather
 * than interpreted. Pure.
 */
final class HostSpelling {
  /** The WHATWG rule for "ends in a number": such a host is meant as an IPv4 address. */
  private static final Pattern NUMERIC_END =
      Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*");

  private HostSpelling() {}

  /** Whether a configured text is a plain host name. */
  static boolean isName(String text) {
    return text.length() <= 253
        && NAME.matcher(text).matches()
        && !NUMERIC_END.matcher(text).matches();
  }

  /**
   * What is ambiguous about a host.
   *
   * @param written as it stands in the URL, brackets included
   * @param canonical OkHttp's reading; null if it could make nothing of it
   * @return null if there is one reading only
   */
  static @Nullable String problem(String written, @Nullable String canonical) {
    if (written.indexOf('%') >= 0) {
      return "the host is percent-encoded";
    }
    if (written.endsWith(".")) {
      return "the host ends with a dot";
    }
    boolean address = Network.literal(written) != null;
    if (!address && NUMERIC_END.matcher(written).matches()) {
      return "the host is an unusual spelling of an IPv4 address";
    }
    if (canonical == null) {
      return null;
    }
    if (written.startsWith("[")) {
      return canonical.indexOf(':') < 0 ? "the host is an IPv4 address in IPv6 spelling" : null;
    }
    if (!sameLabels(written.toLowerCase(Locale.ROOT), canonical)) {
      return "the host is read as " + canonical;
    }
    return null;
  }

  /** Equal, but for labels beyond ASCII, which must stay such (as {@code xn--…}). */
  private static boolean sameLabels(String written, String canonical) {
    if (written.equals(canonical)) {
      return true;
    }
    String[] raw = written.split("\\.", -1);
    String[] read = canonical.split("\\.", -1);
    if (raw.length != read.length) {
      return false;
    }
    for (int i = 0; i < raw.length; i++) {
      boolean beyondAscii = raw[i].chars().anyMatch(c -> c > 0x7E);
      if (beyondAscii ? !read[i].startsWith("xn--") : !raw[i].equals(read[i])) {
        return false;
      }
    }
    return true;
  }
}
