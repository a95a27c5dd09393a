package io.carillon.api;

import io.javalin.http.Context;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every answer carries, whatever it says. Stateless. */
final class Headers {
  static final String REQUEST_ID = "X-Request-Id";

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Headers() {}

  /** Names the request (by the client's own name where it is harmless) and guards the answer. */
  static void begin(Context context) {
    String requestId = name(context.header(REQUEST_ID));
    context.attribute(REQUEST_ID, requestId);
    context.header(REQUEST_ID, requestId);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    context.header("Cache-Control", "no-store");
  }

  static String requestId(Context context) {
    String known = context.attribute(REQUEST_ID);
    return known == null ? name(null) : known;
  }

  static String name(@Nullable String wanted) {
    return wanted != null && SAFE.matcher(wanted).matches() ? wanted : UUID.randomUUID().toString();
  }
}
