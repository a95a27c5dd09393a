package io.carillon.job;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done when a job fires. A closed set of pure values. */
public sealed interface Target {
  /** Of a request's body, in bytes of UTF-8. */
  int LARGEST_BODY = 256 * 1024;

  /**
   * An HTTP call; success is 2xx.
   *
   * @param auth null for none
   * @param secretHeaders by name, encrypted: what {@link SecretRules#seal} answered
   */
  record Http(
      String method,
      String url,
      Map<String, String> headers,
      @Nullable Body body,
      Duration timeout,
      @Nullable Auth auth,
      Map<String, String> secretHeaders)
      implements Target {
    public static final Set<String> METHODS =
        Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    public static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);

    public Http {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
      secretHeaders =
          secretHeaders.isEmpty()
              ? Map.of()
              : Collections.unmodifiableMap(new LinkedHashMap<>(secretHeaders));
      if (!METHODS.contains(method)) {
        throw new IllegalArgumentException("method " + method);
      }
      if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
        throw new IllegalArgumentException("timeout " + timeout);
      }
    }

    /** A call without secrets. */
    public Http(
        String method,
        String url,
        Map<String, String> headers,
        @Nullable Body body,
        Duration timeout) {
      this(method, url, headers, body, timeout, null, Map.of());
    }

    /** The same call with other secret headers. */
    public Http withSecretHeaders(Map<String, String> others) {
      return new Http(method, url, headers, body, timeout, auth, others);
    }

    /** The same call, proven otherwise. */
    public Http withAuth(@Nullable Auth other) {
      return new Http(method, url, headers, body, timeout, other, secretHeaders);
    }
  }

  /**
   * A mail, through the server that configuration names.
   *
   * @param to at least one address; with {@code cc} and {@code bcc} at most {@link
   *     #MOST_RECIPIENTS}
   * @param from null for the address in configuration
   * @param subject one line
   * @param html whether {@code text} is HTML
   * @param timeout for all of it, waiting for a free connection included
   */
  record Email(
      List<String> to,
      List<String> cc,
      List<String> bcc,
      @Nullable String from,
      @Nullable String replyTo,
      String subject,
      boolean html,
      String text,
      Duration timeout)
      implements Target {
    public static final int MOST_RECIPIENTS = 50;

    public Email {
      to = List.copyOf(to);
      cc = List.copyOf(cc);
      bcc = List.copyOf(bcc);
      int recipients = to.size() + cc.size() + bcc.size();
      if (to.isEmpty() || recipients > MOST_RECIPIENTS) {
        throw new IllegalArgumentException(recipients + " recipients");
      }
      if (timeout.compareTo(Http.SHORTEST_TIMEOUT) < 0
          || timeout.compareTo(Http.LONGEST_TIMEOUT) > 0) {
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
