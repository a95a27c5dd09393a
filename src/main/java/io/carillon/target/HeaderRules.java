package io.carillon.target;

import io.carillon.job.TargetRules.Broken;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Layer 1 for headers: names are tokens (RFC 9110, 5.6.2), values visible ASCII with blanks and
 * tabs inside only, and neither frames the message nor claims to be ours. Pure.
 */
final class HeaderRules {
  static final int MOST_HEADERS = 64;
  static final int MOST_BYTES = 32 * 1024;

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("|[!-~]|[!-~][\\t -~]*[!-~]");
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "http2-settings",
          "idempotency-key",
          "x-attempt",
          "x-recovered",
          "traceparent");
  private static final List<String> RESERVED_PREFIXES =
      List.of("proxy-", "webhook-", "x-scheduled-time", "x-carillon-");
  private static final int COLON_BLANK_AND_LINE_END = 4;

  private HeaderRules() {}

  static void check(Map<String, String> headers, List<Broken> faults) {
    if (headers.size() > MOST_HEADERS) {
      faults.add(new Broken("header_count", "at most 64 headers", null));
    }
    long bytes = 0;
    Set<String> seen = new HashSet<>();
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String name = header.getKey();
      String value = header.getValue();
      bytes += (long) name.length() + value.length() + COLON_BLANK_AND_LINE_END;
      checkName(name, seen, faults);
      if (!VALUE.matcher(value).matches()) {
        faults.add(
            new Broken(
                "header_value",
                "a value is visible ASCII, with blanks and tabs only between other characters",
                name));
      }
    }
    if (bytes > MOST_BYTES) {
      faults.add(new Broken("header_size", "headers have at most 32 KiB in all", null));
    }
  }

  private static void checkName(String name, Set<String> seen, List<Broken> faults) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches()) {
      faults.add(new Broken("header_name", "not a header name", name));
    } else if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
      faults.add(new Broken("header_reserved", "this header is set by the server", name));
    }
    if (!seen.add(lower)) {
      faults.add(new Broken("header_duplicate", "the same header in another spelling", name));
    }
  }
}
