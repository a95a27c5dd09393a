package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {
  @Test
  void a_text_stays_one_line_without_terminal_commands() {
    assertThat(LogText.oneLine("a\r\nb\tc\u001B[31md\u202Ee\u2028f\u0000 ü😀"))
        .isEqualTo("a\\r\\nb\\tc\\u001b[31md\\u202ee\\u2028f\\u0000 ü😀");
  }

  @Test
  void a_long_text_is_cut_between_characters() {
    assertThat(LogText.oneLine("x".repeat(4095) + "😀")).isEqualTo("x".repeat(4095) + "…");
  }
}
