package io.carillon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configuration tables of README.md name every key, and nothing that is none. */
class ReadmeKeysTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `((?:carillon|org\\.quartz)\\.[A-Za-z.]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

  @Test
  void the_readme_names_every_key_with_its_default() throws IOException {
    Map<String, String> shown = new LinkedHashMap<>();
    for (MatchResult row : ROW.matcher(Files.readString(Path.of("README.md"))).results().toList()) {
      assertThat(shown.put(row.group(1), row.group(2).strip())).as(row.group(1)).isNull();
    }
    Map<String, String> known = new LinkedHashMap<>();
    Keys.all()
        .forEach(
            key -> {
              String fallback = key.fallback();
              boolean none = fallback == null || fallback.isEmpty();
              known.put(key.name(), none ? "–" : "`" + fallback + "`");
            });

    assertThat(shown).containsExactlyInAnyOrderEntriesOf(known);
  }
}
