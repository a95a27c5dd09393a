package io.carillon.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JobIdTest {
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");
  private static final Pattern OF_NAMESPACES = Pattern.compile("[a-z0-9-]");

  @Test
  void every_character_is_judged_as_the_contract_says() {
    for (int c = 0; c <= 0x2FF; c++) {
      String text = String.valueOf((char) c);
      assertThat(JobId.isValid(text)).as(text).isEqualTo(UNRESERVED.matcher(text).matches());
      assertThat(JobId.isNamespace(text)).as(text).isEqualTo(OF_NAMESPACES.matcher(text).matches());
    }
  }

  @Test
  void one_bad_character_anywhere_is_enough() {
    assertThat(JobId.isValid("a/b")).isFalse();
    assertThat(JobId.isValid("ab ")).isFalse();
    assertThat(JobId.isNamespace("Team")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new JobId("team", "é"));
    assertThatIllegalArgumentException().isThrownBy(() -> new JobId("a.b", "id"));
  }

  @Test
  void lengths_are_bounded() {
    assertThat(JobId.isValid("")).isFalse();
    assertThat(JobId.isValid("a".repeat(120))).isTrue();
    assertThat(JobId.isValid("a".repeat(121))).isFalse();
    assertThat(JobId.isNamespace("")).isFalse();
    assertThat(JobId.isNamespace("a".repeat(64))).isTrue();
    assertThat(JobId.isNamespace("a".repeat(65))).isFalse();
  }
}
