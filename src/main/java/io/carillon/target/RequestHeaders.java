package io.carillon.target;

import io.carillon.execution.CallTokens;
import io.carillon.execution.Firing;
import io.carillon.job.Origin;
import io.carillon.job.Target;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Puts a request's headers together: the user's, replaced by a run's, then ours. Thread-safe. */
final class RequestHeaders {
  private static final HexFormat HEX = HexFormat.of();

  private final String userAgent;
  private final CallTokens tokens;

  /**
   * @param version of the server, for {@code User-Agent}
   */
  RequestHeaders(String version, CallTokens tokens) {
    this.tokens = tokens;
    this.userAgent = "carillon/" + version.replaceAll("[^!-~]", "_");
  }

  /** The user's headers, with those that a run by hand replaces, whatever their case. */
  static Map<String, String> chosen(Target.Http target, @Nullable Object override) {
    if (!(override instanceof Map<?, ?> replaced) || replaced.isEmpty()) {
      return target.headers();
    }
    Map<String, String> lowest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    replaced.forEach((name, value) -> lowest.put(String.valueOf(name), String.valueOf(value)));
    Map<String, String> chosen = new LinkedHashMap<>(target.headers());
    chosen.keySet().removeIf(lowest::containsKey);
    chosen.putAll(lowest);
    return chosen;
  }

  /**
   * @param users checked by {@link HeaderRules}
   */
  Headers onWire(Firing firing, Map<String, String> users, Target.@Nullable Body body) {
    Headers.Builder headers = new Headers.Builder();
    headers.set("User-Agent", userAgent);
    if (body != null) {
      headers.set("Content-Type", RequestBodies.contentType(body));
    }
    users.forEach(headers::set);
    // The rules for headers let no user's one have these names.
    String event = event(firing);
    headers.add("Idempotency-Key", event);
    headers.add("webhook-id", event);
    headers.add("X-Attempt", Integer.toString(firing.attempt()));
    headers.add("X-Scheduled-Time", DateTimeFormatter.ISO_INSTANT.format(firing.scheduledAt()));
    ZoneId zone = firing.job().schedule().zone();
    if (zone != null) {
      ZonedDateTime local = firing.scheduledAt().atZone(zone);
      headers.add("X-Scheduled-Time-Local", DateTimeFormatter.ISO_ZONED_DATE_TIME.format(local));
    }
    headers.add("X-Recovered", Boolean.toString(firing.recovered()));
    headers.add("X-Carillon-Job", firing.job().id().value());
    String token = tokens.of(firing.id(), firing.attempt());
    if (!token.isEmpty()) {
      headers.add(CallTokens.HEADER, token);
    }
    headers.add("traceparent", traceparent(firing));
    return headers.build();
  }

  /** What the call is about: the execution, or of a callback the event that it tells of. */
  static String event(Firing firing) {
    return firing.job().origin().call() == Origin.Call.CALLBACK
        ? firing.job().id().value()
        : firing.id().value();
  }

  /** W3C Trace Context: all attempts of an execution are one trace, each a span of its own. */
  private static String traceparent(Firing firing) {
    long span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    return "00-" + firing.id().value().replace("-", "") + "-" + HEX.toHexDigits(span) + "-01";
  }
}
