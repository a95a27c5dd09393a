package io.carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.config.SecretsConfig.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys that secrets are encrypted with, as operators give them. */
class SecretsSettingsTest {
  private static final String ONE = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String TWO = Base64.getEncoder().encodeToString("2".repeat(32).getBytes());
  @TempDir private Path directory;

  private static SecretsConfig read(Map<String, String> values) {
    return Configuration.of(values).secrets();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("keys"), text);
  }

  @Test
  void without_keys_there_are_none() {
    assertThat(read(Map.of()).keys()).isEmpty();
  }

  @Test
  void keys_keep_their_order_those_of_the_text_first() throws IOException {
    Path file = file("# made in May\nmay:" + TWO + "\n\n");
    SecretsConfig config =
        read(
            Map.of(
                "carillon.secrets.key",
                "june:" + ONE,
                "carillon.secrets.key.file",
                file.toString()));
    assertThat(config.keys())
        .containsExactly(new MasterKey("june", ONE), new MasterKey("may", TWO));
    assertThat(config.keys().get(0).bytes()).hasSize(32);
    assertThat(config.toString()).isEqualTo("SecretsConfig[MasterKey[june], MasterKey[may]]");
  }

  @Test
  void a_key_alone_gets_an_id_that_is_always_the_same() {
    String id = read(Map.of("carillon.secrets.key", ONE)).keys().get(0).id();
    assertThat(id).matches("sha-[0-9a-f]{12}");
    assertThat(read(Map.of("carillon.secrets.key", TWO + "," + ONE)).keys().get(1).id())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a:c2hvcnQ= | must hold keys of 32 bytes in base64, and one has 5",
        "a:Zm9v!hush | must hold keys in base64",
        "a b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | must name each key by 1 to 32",
        "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,"
            + "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE= | the key id a is there twice"
      })
  void a_bad_key_stops_the_start_with_one_line_that_does_not_repeat_it(String text, String says)
      throws IOException {
    Path file = file(text.replace(',', '\n'));
    for (Map<String, String> values :
        java.util.List.of(
            Map.of("carillon.secrets.key", text),
            Map.of("carillon.secrets.key.file", file.toString()))) {
      assertThatThrownBy(() -> read(values))
          .isInstanceOfSatisfying(
              ConfigurationException.class,
              e ->
                  assertThat(e.faults())
                      .singleElement()
                      .satisfies(
                          fault ->
                              assertThat(fault.toString())
                                  .contains(says)
                                  .doesNotContain("hush", "c2hvcnQ=", "AAAAAAAA", "\n")));
    }
  }

  @Test
  void a_file_that_holds_no_key_or_is_not_there_stops_the_start() throws IOException {
    String empty = file("# none\n").toString();
    assertThatThrownBy(() -> read(Map.of("carillon.secrets.key.file", empty)))
        .hasMessageContaining("holds no key; openssl rand -base64 32 makes one");
    assertThatThrownBy(() -> read(Map.of("carillon.secrets.key.file", empty + "-none")))
        .hasMessageContaining("cannot be read");
  }
}
