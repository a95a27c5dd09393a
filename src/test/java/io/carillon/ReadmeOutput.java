package io.carillon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rule by which a command's output equals what README.md shows, as it is written there: ids,
 * instants before 2040, names of nodes and measured lengths may differ, JSON may be laid out
 * differently, and an ellipsis stands for what is left out.
 */
final class ReadmeOutput {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REST = "…";

  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern INSTANT =
      Pattern.compile(
          "20[0-3]\\d-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})?");
  private static final Pattern NODE = Pattern.compile("\\b[a-z0-9-]+-[0-9a-f]{8}\\.\\d+\\b");
  private static final Pattern LENGTH =
      Pattern.compile("(\"[A-Za-z_]*(?:Ms|_ms|Seconds)\" ?: ?)-?\\d+(\\.\\d+)?");
  private static final Pattern TARGET_PORT = Pattern.compile("127\\.0\\.0\\.1:\\d+");

  private ReadmeOutput() {}

  static boolean matches(String shown, String printed) {
    String expected = masked(shown.strip());
    String actual = masked(printed.strip());
    if (expected.startsWith("{") || expected.startsWith("[")) {
      try {
        return listMatches(values(expected), values(actual));
      } catch (IOException notJson) {
        return false;
      }
    }
    return linesMatch(expected.lines().toList(), actual.lines().toList());
  }

  static String masked(String text) {
    String masked = ID.matcher(text).replaceAll("<id>");
    masked = INSTANT.matcher(masked).replaceAll("<time>");
    masked = NODE.matcher(masked).replaceAll("<node>");
    masked = TARGET_PORT.matcher(masked).replaceAll("127.0.0.1:<port>");
    return LENGTH.matcher(masked).replaceAll("$10");
  }

  private static List<JsonNode> values(String text) throws IOException {
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
      return values.readAll();
    }
  }

  private static boolean listMatches(List<JsonNode> expected, List<JsonNode> actual) {
    boolean more = !expected.isEmpty() && isRest(expected.get(expected.size() - 1));
    int count = more ? expected.size() - 1 : expected.size();
    if (more ? actual.size() < count : actual.size() != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (!matches(expected.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(JsonNode expected, JsonNode actual) {
    if (isRest(expected)) {
      return true;
    }
    if (expected.isArray() && actual.isArray()) {
      return listMatches(items(expected), items(actual));
    }
    if (!expected.isObject() || !actual.isObject()) {
      return expected.equals(actual);
    }
    boolean more = expected.has(REST);
    if (!more && expected.size() != actual.size()) {
      return false;
    }
    return expected.properties().stream()
        .filter(member -> !member.getKey().equals(REST))
        .allMatch(
            member ->
                actual.has(member.getKey())
                    && matches(member.getValue(), actual.get(member.getKey())));
  }

  private static List<JsonNode> items(JsonNode array) {
    return array.valueStream().toList();
  }

  private static boolean isRest(JsonNode node) {
    return node.isTextual() && node.textValue().equals(REST);
  }

  /** A line that is an ellipsis stands for any number of lines. */
  private static boolean linesMatch(List<String> expected, List<String> actual) {
    if (expected.isEmpty()) {
      return actual.isEmpty();
    }
    List<String> later = expected.subList(1, expected.size());
    if (expected.get(0).strip().equals(REST)) {
      for (int from = 0; from <= actual.size(); from++) {
        if (linesMatch(later, actual.subList(from, actual.size()))) {
          return true;
        }
      }
      return false;
    }
    return !actual.isEmpty()
        && expected.get(0).strip().equals(actual.get(0).strip())
        && linesMatch(later, actual.subList(1, actual.size()));
  }
}
