package io.carillon.logging;

import org.jspecify.annotations.Nullable;

/** Makes characters visible that would break a line, command a terminal or reorder text. */
final class Escaping {
  private Escaping() {}

  /** For lines that people read: controls as {@code \n}, {@code \u001b}; a backslash stays. */
  static String plain(@Nullable String text) {
    return escape(String.valueOf(text), false);
  }

  /** The inside of a JSON string. */
  static String json(@Nullable String text) {
    return escape(String.valueOf(text), true);
  }

  private static String escape(String text, boolean json) {
    int first = 0;
    while (first < text.length() && !special(text.charAt(first), json)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special(c, json)) {
        append(escaped, c);
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, char c) {
    switch (c) {
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      case '"' -> escaped.append("\\\"");
      case '\\' -> escaped.append("\\\\");
      default -> escaped.append("\\u%04x".formatted((int) c));
    }
  }

  private static boolean special(char c, boolean json) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || json && (c == '"' || c == '\\');
  }
}
