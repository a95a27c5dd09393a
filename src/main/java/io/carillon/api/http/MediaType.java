package io.carillon.api.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which bodies are read: JSON in UTF-8, and said to be so. A body without a type is refused too: a
 * browser sends such a request to this machine for any page that asks.
 */
final class MediaType {
  private MediaType() {}

  /**
   * @throws ProblemException 415
   */
  static void requireJson(
      @Nullable String contentType, @Nullable String contentEncoding, int length) {
    if (length > 0 && contentEncoding != null && !contentEncoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          Problem.of(415, "media_type_unsupported", "bodies are read as they are: no encoding")
              .with("Accept-Encoding", "identity"));
    }
    if (length > 0 && !isJson(contentType == null ? "" : contentType)) {
      throw new ProblemException(
          Problem.of(415, "media_type_unsupported", "Content-Type must be application/json")
              .with("Accept-Post", "application/json"));
    }
  }

  private static boolean isJson(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
    String type = parts[0].strip();
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }
}
