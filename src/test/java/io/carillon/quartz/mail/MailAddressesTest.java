package io.carillon.quartz.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressesTest {
  private final MailAddresses rules = new MailAddresses();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@x.example",
        "Ann Lee <ann+shop@x.example>",
        "\"Lee, Ann\" <ann@x.example>",
        "Zoë <zoe@x.example>"
      })
  void takes_one_mailbox(String address) {
    assertThat(rules.faultOf(address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "ann",
        "ann@",
        "@x.example",
        "ann@x@y",
        "ann x@y.example",
        "a@x.example, b@x.example",
        "eve@y.example>, Ann <a@x.example>",
        "list: a@x.example, b@x.example;",
        "list:a@x.example,b@x.example;",
        "a@x.example\r\nBcc: b@x.example",
        "Ann\n <a@x.example>",
        "Ann\u2028 <a@x.example>",
        "zoë@x.example",
        "a@x..example"
      })
  void refuses_anything_else(String address) {
    assertThat(rules.faultOf(address)).isPresent();
  }
}
