package io.carillon.job;

/**
 * How much Java's engine may do in a regular expression without looking at a character, as a power
 * of two. Searches are bounded by counting the characters that are looked at; alone that does not
 * bound {@code (|)(|)(|)…(?!)}, which tries every way through and looks at none. So the text of the
 * expression is read: each choice between things that may be empty counts, each repetition of one,
 * and each length that is tried when looking back. An upper bound, 0 or 1 for what people write.
 * One use; not thread-safe.
 */
public final class BlindWays {
  /** A thousand steps at each place of a body take some milliseconds. */
  public static final int MOST = 10;

  /** Of what is not worth following, as expressions with comments. */
  private static final int UNKNOWN = 1_000;

  /** Looking back over so many places, as a power of two. */
  private static final int ANY_LENGTH = 14;

  private static final String ANCHORS = "bBAGzZ";
  private static final String WITH_ARGUMENT = "pPNxkb";

  private final String regex;
  private int at;
  private int ways;
  private int behind;

  private BlindWays(String regex) {
    this.regex = regex;
  }

  /**
   * Counts them.
   *
   * @param regex that compiles
   */
  public static int of(String regex) {
    BlindWays counted = new BlindWays(unquoted(regex));
    try {
      counted.alternatives();
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      // Read otherwise than the engine reads it.
      return UNKNOWN;
    }
    return counted.at == counted.regex.length() ? Math.min(UNKNOWN, counted.ways) : UNKNOWN;
  }

  /** With a backslash before each character that stands between {@code \\Q} and {@code \\E}. */
  private static String unquoted(String regex) {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < regex.length()) {
      if (regex.startsWith("\\Q", i)) {
        int end = regex.indexOf("\\E", i + 2);
        int to = end < 0 ? regex.length() : end;
        text.append("\\.".repeat(to - i - 2));
        i = end < 0 ? to : end + 2;
      } else {
        int length = regex.charAt(i) == '\\' ? 2 : 1;
        text.append(regex, i, Math.min(regex.length(), i + length));
        i += length;
      }
    }
    return text.toString();
  }

  /** Whether it may be empty. */
  private boolean alternatives() {
    int empty = 0;
    while (true) {
      empty += sequence() ? 1 : 0;
      if (!is('|')) {
        ways += Math.max(0, empty - 1);
        return empty > 0;
      }
      at++;
    }
  }

  private boolean sequence() {
    boolean empty = true;
    while (at < regex.length() && !is('|') && !is(')')) {
      empty &= repeated(one());
    }
    return empty;
  }

  private boolean is(char c) {
    return at < regex.length() && regex.charAt(at) == c;
  }

  /** What a quantifier makes of it, if one follows. */
  private boolean repeated(boolean empty) {
    if (!is('?') && !is('*') && !is('+') && !is('{')) {
      return empty;
    }
    char kind = regex.charAt(at++);
    int least = kind == '+' ? 1 : 0;
    int most = kind == '?' ? 1 : 1 << ANY_LENGTH;
    if (kind == '{') {
      int end = regex.indexOf('}', at);
      String[] bounds = regex.substring(at, end).split(",", -1);
      least = Integer.parseInt(bounds[0]);
      most = bounds.length == 1 ? least : bounds[1].isEmpty() ? most : Integer.parseInt(bounds[1]);
      at = end + 1;
    }
    if (is('?') || is('+')) {
      at++;
    }
    ways += empty ? Math.max(1, bits(least)) : 0;
    ways += behind > 0 ? Math.min(ANY_LENGTH, bits(most)) : 0;
    return empty || least == 0;
  }

  private static int bits(int number) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(number);
  }

  /** A group, a class, an escape or a character. Whether it may be empty. */
  private boolean one() {
    return switch (regex.charAt(at++)) {
      case '(' -> group();
      case '[' -> {
        skipClass();
        yield false;
      }
      case '\\' -> escape();
      case '^', '$' -> true;
      default -> false;
    };
  }

  private boolean group() {
    if (!is('?')) {
      return rest(false);
    }
    char kind = regex.charAt(at + 1);
    at += 2;
    if (kind == ':' || kind == '>') {
      return rest(false);
    }
    if (kind == '=' || kind == '!') {
      return rest(true);
    }
    if (kind != '<') {
      return flags(kind);
    }
    if (!is('=') && !is('!')) {
      at = after('>');
      return rest(false);
    }
    at++;
    behind++;
    boolean empty = rest(true);
    behind--;
    return empty;
  }

  /** What stands in a group, and its end. */
  private boolean rest(boolean aside) {
    boolean empty = alternatives();
    regex.charAt(at++);
    return empty || aside;
  }

  /** With comments allowed the same text means something else. */
  private boolean flags(char first) {
    for (char flag = first; flag != ')' && flag != ':'; flag = regex.charAt(at++)) {
      ways += flag == 'x' ? UNKNOWN : 0;
    }
    return regex.charAt(at - 1) == ')' || rest(false);
  }

  private int after(char end) {
    int found = regex.indexOf(end, at);
    if (found < 0) {
      throw new StringIndexOutOfBoundsException(regex);
    }
    return found + 1;
  }

  /** Goes behind the bracket that ends it; one that comes first does not. */
  private void skipClass() {
    if (is('^')) {
      at++;
    }
    for (boolean first = true; first || !is(']'); first = false) {
      char c = regex.charAt(at++);
      if (c == '[') {
        skipClass();
      } else if (c == '\\') {
        escape();
      }
    }
    at++;
  }

  /** Whether it looks at nothing, or at what may be nothing: an anchor, or a group once more. */
  private boolean escape() {
    char c = regex.charAt(at++);
    if (c == 'c') {
      at++;
    } else if (WITH_ARGUMENT.indexOf(c) >= 0 && (is('{') || is('<'))) {
      at = after(is('{') ? '}' : '>');
    }
    boolean group = c >= '1' && c <= '9';
    while (group && at < regex.length() && Character.isDigit(regex.charAt(at))) {
      at++;
    }
    return group || c == 'k' || ANCHORS.indexOf(c) >= 0;
  }
}
