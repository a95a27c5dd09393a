package io.carillon.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/**
 * An HTTP answer of a node.
 *
 * @param body the JSON, or a missing node when the body is empty or no JSON
 * @param text the body as it came
 */
public record Answer(int status, HttpHeaders headers, JsonNode body, String text) {

  /** The text at a field of the body; empty when there is none. */
  public String text(String field) {
    return body.path(field).asText("");
  }

  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The status and the body in one line, for messages. */
  @Override
  public String toString() {
    return status + " " + text;
  }
}
