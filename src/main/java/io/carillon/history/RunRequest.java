package io.carillon.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLDataException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Column {@code execution.request}: what a run by hand replaces, as JSON. Thread-safe. */
final class RunRequest {
  private static final Logger log = LoggerFactory.getLogger(RunRequest.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private RunRequest() {}

  /** Null if nothing is replaced. */
  static @Nullable String write(Map<String, Object> overrides) throws SQLDataException {
    if (overrides.isEmpty()) {
      return null;
    }
    try {
      return JSON.writeValueAsString(overrides);
    } catch (JsonProcessingException e) {
      throw new SQLDataException("the request of a run cannot be written as JSON", e);
    }
  }

  /** Null if the text cannot be read, which is logged and harms no other row. */
  static @Nullable Map<String, Object> read(@Nullable String request) {
    if (request == null) {
      return Map.of();
    }
    try {
      return JSON.readValue(request, FIELDS);
    } catch (JsonProcessingException e) {
      log.error("column request of an execution is not a JSON object; it is passed over", e);
      return null;
    }
  }
}
