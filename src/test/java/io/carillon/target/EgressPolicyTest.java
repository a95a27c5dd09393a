package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyTest {
  private static final List<String> NOTHING = List.of();

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "10.1.2.3", "::1", "fd00::1", "100.64.0.1", "0.0.0.0", "240.0.0.1"})
  void with_keys_only_public_addresses_are_open(String address) {
    assertThat(refusal(EgressPolicy.of(NOTHING, false), null, address)).contains("address");
    assertThat(refusal(EgressPolicy.of(NOTHING, false), null, "8.8.8.8")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.1.2.3, true",
    "192.168.1.1, true",
    "fd00::1, true",
    "0.0.0.0, false",
    "::, false",
    "100.64.0.1, false",
    "169.254.1.1, false",
    "169.254.169.254, false",
    "fd00:ec2::254, false",
    "fe80::1, false",
    "224.0.0.1, false",
    "203.0.113.1, false",
    "255.255.255.255, false",
  })
  void local_mode_opens_loopback_and_private_ranges_only(String address, boolean open) {
    assertThat(refusal(EgressPolicy.of(NOTHING, true), null, address) == null).isEqualTo(open);
  }

  @Test
  void a_network_lifts_its_own_addresses_only() {
    EgressPolicy policy = EgressPolicy.of(List.of("10.1.0.0/17", "fd00:1::/32"), false);
    assertThat(refusal(policy, null, "10.1.127.255")).isNull();
    assertThat(refusal(policy, null, "10.1.128.0")).isNotNull();
    assertThat(refusal(policy, null, "::ffff:10.1.0.1")).isNull();
    assertThat(refusal(policy, null, "fd00:1:ffff::1")).isNull();
    assertThat(refusal(policy, null, "fd00:2::1")).isNotNull();
  }

  @Test
  void a_name_lifts_private_ranges_for_itself_only() {
    EgressPolicy policy = EgressPolicy.of(List.of("Billing.Internal"), false);
    assertThat(refusal(policy, "billing.internal", "10.0.0.1")).isNull();
    assertThat(refusal(policy, "billing.internal", "127.0.0.1")).isNull();
    assertThat(refusal(policy, "other.internal", "10.0.0.1")).isNotNull();
    assertThat(refusal(policy, "billing.internal", "169.254.1.1")).isNotNull();
    assertThat(refusal(policy, "billing.internal", "169.254.169.254")).isNotNull();
    assertThat(refusal(policy, "billing.internal", "0.0.0.0")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.0.0/16, 169.254.169.254, false",
    "0.0.0.0/0, 169.254.169.254, false",
    "169.254.169.254, 169.254.169.254, true",
    "169.254.169.254/32, 169.254.169.254, true",
    "fd00::/8, fd00:ec2::254, false",
    "fd00:ec2::254, fd00:ec2::254, true",
    "169.254.0.0/16, 169.254.1.1, true",
  })
  void metadata_addresses_are_lifted_by_an_exact_entry_only(
      String entry, String address, boolean open) {
    EgressPolicy policy = EgressPolicy.of(List.of(entry), true);
    assertThat(refusal(policy, null, address) == null).isEqualTo(open);
  }

  @ParameterizedTest
  @CsvSource({
    "80, true",
    "443, true",
    "1024, true",
    "8080, true",
    "65535, true",
    "0, false",
    "22, false",
    "25, false",
    "81, false",
    "465, false",
    "587, false",
    "1023, false",
    "1433, false",
    "3306, false",
    "5432, false",
    "6379, false",
    "11211, false",
    "27017, false",
    "33060, false",
    "65536, false"
  })
  void ports_of_databases_and_mail_are_closed(int port, boolean open) {
    assertThat(EgressPolicy.of(NOTHING, true).allowsPort(port)).isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.example.com",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "::/129",
        "1.2.3",
        "0x7f.1",
        "host:80",
        "http://host",
        "a b",
        "256.1.1.1",
        "example.com/8"
      })
  void an_entry_that_cannot_be_read_is_named(String entry) {
    assertThat(EgressPolicy.faults(List.of("10.0.0.1", entry))).hasSize(1);
    assertThatThrownBy(() -> EgressPolicy.of(List.of(entry), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + entry + "'");
  }

  private static @Nullable String refusal(EgressPolicy policy, @Nullable String host, String ip) {
    try {
      return policy.refusal(host, InetAddress.getByName(ip));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(ip, e);
    }
  }
}
