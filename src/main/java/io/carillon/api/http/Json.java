package io.carillon.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.spec.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How answers are written: UTF-8 JSON, instants as RFC 3339 in UTC. Stateless. */
public final class Json {
  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return StrictJson.object();
  }

  public static byte[] bytes(JsonNode node) {
    return StrictJson.text(node).getBytes(StandardCharsets.UTF_8);
  }

  public static @Nullable String instant(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** The wall clock of a zone at an instant, with its offset. */
  public static @Nullable String local(@Nullable Instant instant, ZoneId zone) {
    return instant == null
        ? null
        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
  }

  public static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : Long.valueOf(duration.toMillis());
  }
}
