package io.carillon.job;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done when a job fires. A closed set of pure values. */
public sealed interface Target {
  /** Of a request's body, in bytes of UTF-8. */
  int LARGEST_BODY = 256 * 1024;

  /** An HTTP call; success is 2xx. */
  record Http(
      String method, String url, Map<String, String> headers, @Nullable Body body, Duration timeout)
      implements Target {
    public static final Set<String> METHODS =
        Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);

    public Http {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
      if (!METHODS.contains(method)) {
        throw new IllegalArgumentException("method " + method);
      }
      if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
        throw new IllegalArgumentException("timeout " + timeout);
      }
    }
  }

  /** A line in the server's log. */
  record Log(String message) implements Target {}

  /** Nothing at all; it succeeds. For measuring, and for schedules under trial. */
  record Noop() implements Target {}

  /**
   * A request body.
   *
   * @param json whether {@code text} is JSON (sent as application/json) or plain text
   */
  record Body(boolean json, String text) {}
}
