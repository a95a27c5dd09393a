package io.carillon.api;

import io.carillon.api.http.Reply;
import io.carillon.idempotency.StoredAnswer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Replies as they are kept for a repeated request. Stateless. */
final class Answers {
  private static final String TYPE = "Content-Type";

  private Answers() {}

  static StoredAnswer stored(Reply reply) {
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.put(TYPE, reply.contentType());
    return new StoredAnswer(
        reply.status(),
        headers.entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue())
            .collect(Collectors.joining("\n")),
        new String(reply.body(), StandardCharsets.UTF_8));
  }

  static Reply reply(StoredAnswer answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : answer.headers().lines().toList()) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon), line.substring(colon + 2));
    }
    String type = headers.remove(TYPE);
    return new Reply(
        answer.status(),
        headers,
        type == null ? "" : type,
        answer.body().getBytes(StandardCharsets.UTF_8));
  }
}
