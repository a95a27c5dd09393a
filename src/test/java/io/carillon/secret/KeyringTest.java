package io.carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.job.JobId;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static final Place PLACE = Place.of("default", "token");
  private final Keyring keys = SampleKeys.ring("new", "old");

  private static void refused(Keyring keys, Sealed sealed, Place place, String words) {
    assertThatThrownBy(() -> keys.open(sealed, place, "it"))
        .isInstanceOfSatisfying(
            NotRevealed.class, e -> assertThat(e.reason()).isEqualTo(Reasons.SECRET_UNREADABLE))
        .hasMessageContaining(words);
  }

  @Test
  void what_is_sealed_opens_and_shows_nothing_of_itself() throws Exception {
    Sealed sealed = keys.seal("gr\u00fcn", PLACE);

    assertThat(sealed.keyId()).isEqualTo("new");
    assertThat(sealed.nonce()).hasSize(12);
    assertThat(sealed.ciphertext()).hasSize("grün".length() + 1 + 16);
    assertThat(keys.open(sealed, PLACE, "it")).isEqualTo("grün");
    assertThat(keys.open(Sealed.parse(sealed.text()).orElseThrow(), PLACE, "it")).isEqualTo("grün");
    assertThat(sealed.text()).matches("c1\\.new\\.[A-Za-z0-9_-]+");
    assertThat(sealed + " " + keys).doesNotContain(sealed.text(), "grün");
  }

  @Test
  void no_two_nonces_are_the_same() {
    assertThat(
            IntStream.range(0, 2_000)
                .mapToObj(i -> java.util.HexFormat.of().formatHex(keys.seal("x", PLACE).nonce()))
                .collect(Collectors.toSet()))
        .hasSize(2_000);
  }

  @Test
  void it_opens_only_where_it_belongs() {
    Sealed sealed = keys.seal("x", PLACE);
    refused(keys, sealed, Place.of("default", "other"), "does not open");
    refused(keys, sealed, Place.of("shop", "token"), "does not open");
    Sealed header = keys.seal("x", Place.of(JobId.of("a"), "X-Key"));
    refused(keys, header, Place.of(JobId.of("b"), "X-Key"), "does not open");
    refused(keys, header, Place.of(JobId.of("a"), "X-Other"), "does not open");
  }

  @Test
  void one_changed_bit_is_found() {
    Sealed sealed = keys.seal("value", PLACE);
    for (int i = 0; i < sealed.ciphertext().length; i++) {
      byte[] other = sealed.ciphertext().clone();
      other[i] ^= 1;
      refused(keys, new Sealed("new", sealed.nonce(), other), PLACE, "does not open");
    }
  }

  @Test
  void an_older_key_opens_and_an_unknown_or_another_one_does_not() throws Exception {
    Sealed sealed = SampleKeys.ring("old").seal("x", PLACE);

    assertThat(keys.open(sealed, PLACE, "it")).isEqualTo("x");
    refused(SampleKeys.ring("new"), sealed, PLACE, "'old', which this node does not have");
    refused(
        SampleKeys.ring("old", "new"),
        new Sealed("new", sealed.nonce(), sealed.ciphertext()),
        PLACE,
        "does not open");
  }

  @Test
  void a_damaged_text_is_none() {
    assertThat(Sealed.parse("c1.new.short")).isEmpty();
    assertThat(Sealed.parse("c2.new." + "A".repeat(40))).isEmpty();
    assertThat(Sealed.parse("***")).isEmpty();
  }
}
