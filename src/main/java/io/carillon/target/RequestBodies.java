package io.carillon.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.job.Target;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Decides what a request carries. Thread-safe. */
final class RequestBodies {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NEVER_A_BODY = Set.of("GET", "HEAD");
  private static final Set<String> ALWAYS_A_BODY = Set.of("POST", "PUT", "PATCH");

  private RequestBodies() {}

  /**
   * The body in force: a run by hand may replace the target's.
   *
   * @param override a text, or a JSON-like value; null if nothing is replaced
   */
  static Target.@Nullable Body choose(Target.Http target, @Nullable Object override) {
    if (NEVER_A_BODY.contains(target.method())) {
      return null;
    }
    if (override == null) {
      return target.body();
    }
    if (override instanceof Target.Body body) {
      return body;
    }
    if (override instanceof String text) {
      return new Target.Body(false, text);
    }
    try {
      return new Target.Body(true, JSON.writeValueAsString(override));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the replaced body is not JSON-like", e);
    }
  }

  /** Its media type, unless the user names one. */
  static String contentType(Target.Body body) {
    return body.json() ? "application/json" : "text/plain; charset=utf-8";
  }

  /** The bytes of a body; null where there is none. */
  static byte @Nullable [] bytes(Target.@Nullable Body body) {
    return body == null ? null : body.text().getBytes(StandardCharsets.UTF_8);
  }

  /** What goes on the wire, these very bytes: POST, PUT and PATCH have a body, be it empty. */
  static @Nullable RequestBody onWire(String method, byte @Nullable [] body) {
    if (body != null) {
      // Without a media type of its own, so that OkHttp leaves the Content-Type header alone.
      return RequestBody.create(body);
    }
    return ALWAYS_A_BODY.contains(method) ? RequestBody.EMPTY : null;
  }
}
