package io.carillon.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a path of this server can look like. Stateless. */
final class RequestPath {
  /** RFC 3986's unreserved characters, the colon of batch calls, and the separator. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/-]*");

  /** The name of a queue is not an id: people make it up, in their own script. */
  private static final Pattern OF_QUEUE =
      Pattern.compile("/api/v1/queues/[^\\p{Cntrl}/\\\\;?#%]+(/[a-z]+)?");

  private static final Pattern ESCAPED = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private RequestPath() {}

  /**
   * Whether a path, as it came over the wire, names something that may exist: no parameters ({@code
   * ;x}), no dot segments, no escapes that hide a separator, a NUL or anything else but what could
   * have been written without one.
   */
  static boolean isPlain(String raw) {
    if (ESCAPED.matcher(raw).find() || raw.toLowerCase(Locale.ROOT).contains("%2f")) {
      return false;
    }
    String path = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    return (PLAIN.matcher(path).matches() || OF_QUEUE.matcher(path).matches())
        && Arrays.stream(path.split("/")).noneMatch(part -> part.equals(".") || part.equals(".."));
  }
}
