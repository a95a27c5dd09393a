package io.carillon.target;

/** Makes a text of somebody else's safe for one line of a log or an error. Pure. */
final class LogText {
  private static final int MOST_CHARACTERS = 4096;

  private LogText() {}

  /**
   * Writes control characters, line separators and invisible format characters (bidi overrides
   * among them) as escapes, and cuts at 4,096 characters.
   */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MOST_CHARACTERS) + 16);
    int end = Math.min(text.length(), MOST_CHARACTERS);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    text.substring(0, end).codePoints().forEach(c -> append(line, c));
    return end < text.length() ? line.append('…').toString() : line.toString();
  }

  private static void append(StringBuilder line, int c) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              line.append(String.format("\\u%04x", c));
          default -> line.appendCodePoint(c);
        }
      }
    }
  }
}
