package io.carillon.api;

import io.javalin.http.Context;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every answer carries, whatever it says. Stateless. */
final class Headers {
  static final String REQUEST_ID = "X-Request-Id";

  /** What keeps a browser from making more of an answer than it is. */
  static final Map<String, String> GUARDS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cache-Control", "no-store");

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Headers() {}

  /** Names the request (by the client's own name where it is harmless) and guards the answer. */
  static void begin(Context context) {
    String requestId = name(context.header(REQUEST_ID));
    context.attribute(REQUEST_ID, requestId);
    context.header(REQUEST_ID, requestId);
    GUARDS.forEach(context::header);
  }

  static String requestId(Context context) {
    String known = context.attribute(REQUEST_ID);
    return known == null ? name(null) : known;
  }

  static String name(@Nullable String wanted) {
    return wanted != null && SAFE.matcher(wanted).matches() ? wanted : UUID.randomUUID().toString();
  }
}
