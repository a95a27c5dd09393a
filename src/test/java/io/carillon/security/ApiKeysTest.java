package io.carillon.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.config.KeysConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
  @Test
  void a_key_stands_for_a_caller_who_is_not_the_key() {
    ApiKeys keys = new ApiKeys(new KeysConfig(List.of("first-key", "second-key")));
    assertThat(keys.required()).isTrue();
    Caller first = keys.caller("first-key").orElseThrow();
    assertThat(first.id()).matches("[0-9a-f]{12}");
    assertThat(keys.caller("second-key")).isPresent().isNotEqualTo(keys.caller("first-key"));
    assertThat(keys.caller("first-key ")).isEmpty();
    assertThat(keys.caller("")).isEmpty();
  }

  @Test
  void without_keys_nobody_has_to_show_one() {
    assertThat(new ApiKeys(new KeysConfig(List.of())).required()).isFalse();
  }
}
