package io.carillon.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlindWaysTest {
  private static int of(String regex) {
    Pattern.compile(regex);
    return BlindWays.of(regex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"status\"\\s*:\\s*\"(ok|done|queued|sent)\"",
        "^\\{.*\"success\":true.*}$",
        "(?i)accepted",
        "(?m)^OK$",
        "(^|,)42(,|$)",
        "a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?",
        "[^]|&&[a(|)]]+x",
        "(?<year>\\d{4})-\\k<year>",
        "\\Q(|)(|)\\E",
        "\\p{L}+\\x{41}\\b(?!x)(?<=a)",
        "foo +bar +baz"
      })
  void what_people_write_has_none(String regex) {
    assertThat(of(regex)).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(|)", "(a*)*b", "(a?|b?)", "^?x", "(\\b|$)"})
  void a_choice_between_things_that_may_be_empty_is_one(String regex) {
    assertThat(of(regex)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(?!)",
        "(?:||||||||||||)$",
        "[]()](|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)$",
        "\\c((|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)$",
        "(?=(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(?!))",
        "()()()()()()()()()()()(\\11|\\11)(\\1|\\2)(\\1|\\2)(\\1|\\2)(\\1|\\2)(\\1|\\2)"
            + "(\\1|\\2)(\\1|\\2)(\\1|\\2)(\\1|\\2)(\\1|\\2)(?!)",
        "(){999999999}(?!)",
        "(?<=(?<=(?!).{0,9999}).{0,9999})",
        "(?x)( |)(#)\n|)"
      })
  void more_than_can_be_tried_is_seen(String regex) {
    assertThat(of(regex)).isGreaterThan(BlindWays.MOST);
  }
}
