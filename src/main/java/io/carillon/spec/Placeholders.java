package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds {@code {{name}}} in texts. Blanks inside the braces count for nothing. Stateless. */
final class Placeholders {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}]*)}}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  private Placeholders() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** What stands between braces in a text, names or not. */
  static Set<String> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    if (text.contains("{{")) {
      PLACE.matcher(text).results().map(Placeholders::inside).forEach(found::add);
    }
    return found;
  }

  /** The same for all strings of a tree, names of members left out. */
  static Set<String> in(@Nullable JsonNode tree) {
    Set<String> found = new LinkedHashSet<>();
    if (tree != null && tree.isTextual()) {
      found.addAll(in(tree.textValue()));
    } else if (tree != null) {
      tree.forEach(child -> found.addAll(in(child)));
    }
    return found;
  }

  /** The name of a text that is one placeholder and nothing else; null if it is more or less. */
  static @Nullable String whole(String text) {
    if (!text.startsWith("{{")) {
      return null;
    }
    Matcher matcher = PLACE.matcher(text);
    return matcher.matches() ? inside(matcher) : null;
  }

  /** The text with each placeholder replaced by what stands for its name. */
  static String replace(String text, UnaryOperator<String> value) {
    if (!text.contains("{{")) {
      return text;
    }
    return PLACE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(value.apply(inside(match))));
  }

  private static String inside(MatchResult match) {
    return match.group(1).strip();
  }
}
