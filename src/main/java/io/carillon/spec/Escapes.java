package io.carillon.spec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** How a value is written into the middle of a text, so that it stays one value. Stateless. */
enum Escapes {
  /** As it is: where the text has no grammar, or is escaped as a whole later. */
  NONE(text -> text),
  /** Inside a JSON string that is written by hand (RFC 8259, 7). */
  JSON(text -> String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text))),
  /** Part of a URL's path or query (RFC 3986, 2.3): all but the unreserved characters. */
  URL(Escapes::percent),
  /** Text or an attribute's quoted value in HTML. */
  HTML(
      text ->
          text.replace("&", "&amp;")
              .replace("<", "&lt;")
              .replace(">", "&gt;")
              .replace("\"", "&quot;")
              .replace("'", "&#39;"));

  private static final String HEX = "0123456789ABCDEF";

  private final UnaryOperator<String> escape;

  Escapes(UnaryOperator<String> escape) {
    this.escape = escape;
  }

  String of(String text) {
    return escape.apply(text);
  }

  private static String percent(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      int c = octet & 0xFF;
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      if (plain) {
        escaped.append((char) c);
      } else {
        escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return escaped.toString();
  }
}
