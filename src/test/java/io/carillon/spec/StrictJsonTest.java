package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      emptyValue = "",
      textBlock =
          """
          ``                                | json_empty
          `   `                             | json_empty
          {                                 | json_syntax
          {"a":}                            | json_syntax
          {"a":1,}                          | json_syntax
          {'a':1}                           | json_syntax
          {"a":01}                          | json_syntax
          {"a":+1}                          | json_syntax
          {"a":tru}                         | json_syntax
          // comment                        | json_syntax
          []                                | json_type
          "text"                            | json_type
          null                              | json_type
          3                                 | json_type
          {} {}                             | json_trailing
          {} x                              | json_trailing
          {}]                               | json_trailing
          {"name":"a","name":"b"}           | json_duplicate_key
          {"o":{"a":1,"a":1}}               | json_duplicate_key
          {"a":NaN}                         | json_number
          {"a":Infinity}                    | json_number
          {"a":-Infinity}                   | json_number
          {"a":1e999}                       | json_number
          {"a":-1e999}                      | json_number
          {"a":"\\ud800"}                   | json_encoding
          {"\\udc00":1}                     | json_encoding
          {"a":"\\ud800x"}                  | json_encoding
          """)
  void a_body_that_cannot_be_trusted_is_refused(String body, String code) {
    assertThat(refused(body.getBytes(StandardCharsets.UTF_8)).code()).isEqualTo(code);
  }

  @Test
  void a_fault_of_syntax_tells_line_and_column() {
    UnreadableJson refused = refused("{\n  \"a\": x\n}".getBytes(StandardCharsets.UTF_8));

    assertThat(refused.detail()).contains("line 2", "column");
  }

  @Test
  void a_duplicate_and_a_bad_number_tell_their_place() {
    assertThat(refused(bytes("{\"o\":{\"a\":1,\"a\":1}}")).pointer()).isEqualTo("/o/a");
    assertThat(refused(bytes("{\"o\":[1,1e999]}")).pointer()).isEqualTo("/o/1");
  }

  @Test
  void what_is_too_much_is_refused() {
    assertThat(refused(bytes("[".repeat(10_000))).code()).isEqualTo("json_too_deep");
    assertThat(refused(bytes("{\"a\":".repeat(33) + "1" + "}".repeat(33))).code())
        .isEqualTo("json_too_deep");
    assertThat(refused(bytes("{\"a\":" + "1".repeat(10_000) + "}")).code())
        .isEqualTo("json_number");
    assertThat(refused(bytes("{\"a\":0." + "1".repeat(10_000) + "}")).code())
        .isEqualTo("json_number");
    assertThat(refused(bytes("{\"a\":\"" + "x".repeat((1 << 20) + 1) + "\"}")).code())
        .isEqualTo("json_too_long");
    assertThat(refused(bytes("{\"" + "x".repeat(60_000) + "\":1}")).code())
        .isEqualTo("json_too_long");
    assertThat(StrictJson.read(bytes("{\"a\":".repeat(32) + "1" + "}".repeat(32)))).isNotNull();
  }

  @Test
  void bad_utf_8_is_refused() {
    assertThat(refused(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}).code())
        .isEqualTo("json_encoding");
    assertThat(refused("{\"ä\":1}".getBytes(StandardCharsets.UTF_16)).code())
        .isEqualTo("json_encoding");
    assertThat(refused(new byte[] {(byte) 0xC0, (byte) 0x80}).code()).isEqualTo("json_encoding");
  }

  @Test
  void a_byte_order_mark_is_passed_over() {
    assertThat(StrictJson.read(bytes("\uFEFF{}"))).isEmpty();
  }

  @Test
  void numbers_stay_exact() {
    ObjectNode read =
        StrictJson.read(
            bytes(
                "{\"i\":2147483647,\"l\":2147483648,\"b\":9223372036854775808,\"d\":1.10,"
                    + "\"e\":1E+2,\"z\":0.0,\"t\":1e-400}"));

    assertThat(read.get("i").numberValue()).isEqualTo(2147483647);
    assertThat(read.get("l").numberValue()).isEqualTo(2147483648L);
    assertThat(read.get("b").numberValue()).isEqualTo(new BigInteger("9223372036854775808"));
    assertThat(read.get("d").numberValue()).isEqualTo(new BigDecimal("1.10"));
    assertThat(StrictJson.text(read)).contains("\"d\":1.10", "\"e\":1E+2");
  }

  @Test
  void emoji_and_escapes_round_trip() {
    String text = "{\"a\":\"👨‍👩‍👧 ä \\u0000 \\\" \\\\\"}";
    ObjectNode read = StrictJson.read(bytes(text));

    assertThat(StrictJson.read(bytes(StrictJson.text(read)))).isEqualTo(read);
    assertThat(read.get("a").textValue()).startsWith("👨‍👩‍👧").contains("\u0000");
  }

  @Test
  void random_bytes_are_read_or_refused_but_never_fatal() {
    Random random = new Random(1);
    String signs = "{}[]:,\"\\u0adexn1.+-e tfl\n";
    for (int n = 0; n < 50_000; n++) {
      byte[] body = new byte[random.nextInt(30)];
      for (int i = 0; i < body.length; i++) {
        body[i] =
            random.nextInt(30) == 0
                ? (byte) random.nextInt()
                : (byte) signs.charAt(random.nextInt(signs.length()));
      }
      try {
        StrictJson.read(body);
      } catch (UnreadableJson e) {
        assertThat(e.code()).startsWith("json_");
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static UnreadableJson refused(byte[] body) {
    UnreadableJson refused =
        catchThrowableOfType(UnreadableJson.class, () -> StrictJson.read(body));
    assertThat(refused).isNotNull();
    assertThat(refused.detail()).isNotBlank();
    return refused;
  }
}
