package io.carillon.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer. The body must not be changed by anyone.
 *
 * @param headers beside those that every answer has
 * @param contentType empty if there is no body
 */
public record Reply(int status, Map<String, String> headers, String contentType, byte[] body) {
  public static final String JSON = "application/json";
  public static final String TEXT = "text/plain; charset=utf-8";

  public Reply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public static Reply json(int status, JsonNode body) {
    return new Reply(status, Map.of(), JSON, Json.bytes(body));
  }

  public static Reply text(int status, String contentType, String body) {
    return new Reply(status, Map.of(), contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply bytes(String contentType, byte[] body) {
    return new Reply(200, Map.of(), contentType, body);
  }

  /** A status alone. */
  public static Reply empty(int status) {
    return new Reply(status, Map.of(), "", new byte[0]);
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, contentType, body);
  }

  /** With a strong entity tag: the version. */
  public Reply withETag(long version) {
    return with("ETag", "\"" + version + "\"");
  }

  /** With the address of a job. */
  public Reply withLocation(String path) {
    return with("Location", path);
  }
}
