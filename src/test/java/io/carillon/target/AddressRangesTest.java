package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangesTest {
  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, PUBLIC",
    "1.1.1.1, PUBLIC",
    "0.0.0.0, UNSPECIFIED",
    "0.1.2.3, UNSPECIFIED",
    "9.255.255.255, PUBLIC",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, PUBLIC",
    "100.63.255.255, PUBLIC",
    "100.64.0.0, SHARED",
    "100.127.255.255, SHARED",
    "100.128.0.0, PUBLIC",
    "100.100.100.200, METADATA",
    "127.0.0.1, LOOPBACK",
    "127.255.255.255, LOOPBACK",
    "128.0.0.0, PUBLIC",
    "169.253.255.255, PUBLIC",
    "169.254.0.1, LINK_LOCAL",
    "169.254.169.254, METADATA",
    "169.254.170.2, METADATA",
    "168.63.129.16, METADATA",
    "172.15.255.255, PUBLIC",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "192.0.0.1, RESERVED",
    "192.0.0.192, METADATA",
    "192.0.2.1, DOCUMENTATION",
    "192.88.99.1, RESERVED",
    "192.167.255.255, PUBLIC",
    "192.168.0.0, PRIVATE",
    "192.169.0.0, PUBLIC",
    "198.17.255.255, PUBLIC",
    "198.18.0.0, BENCHMARKING",
    "198.19.255.255, BENCHMARKING",
    "198.20.0.0, PUBLIC",
    "198.51.100.7, DOCUMENTATION",
    "203.0.113.7, DOCUMENTATION",
    "223.255.255.255, PUBLIC",
    "224.0.0.1, MULTICAST",
    "239.255.255.255, MULTICAST",
    "240.0.0.1, RESERVED",
    "255.255.255.255, RESERVED",
    "::, UNSPECIFIED",
    "::1, LOOPBACK",
    "2606:4700:4700::1111, PUBLIC",
    "fc00::1, PRIVATE",
    "fdff::1, PRIVATE",
    "fd00:ec2::254, METADATA",
    "fe80::1, LINK_LOCAL",
    "febf::1, LINK_LOCAL",
    "fec0::1, PRIVATE",
    "ff02::1, MULTICAST",
    "2001:db8::1, DOCUMENTATION",
    "3fff:fff::1, DOCUMENTATION",
    "100::1, RESERVED",
    "2001:2::1, BENCHMARKING",
    "2001:10::1, RESERVED",
    "4000::1, RESERVED",
    "5f00::1, RESERVED",
    "::ffff:0:7f00:1, RESERVED",
    // IPv4 inside IPv6: mapped, compatible, NAT64, 6to4, Teredo.
    "::ffff:127.0.0.1, LOOPBACK",
    "::ffff:8.8.8.8, PUBLIC",
    "::ffff:169.254.169.254, METADATA",
    "::127.0.0.1, LOOPBACK",
    "::a00:1, PRIVATE",
    "::8.8.8.8, PUBLIC",
    "64:ff9b::7f00:1, LOOPBACK",
    "64:ff9b::8.8.8.8, PUBLIC",
    "64:ff9b::a9fe:a9fe, METADATA",
    "64:ff9b:1::7f00:1, LOOPBACK",
    "64:ff9b:1:7f00:0:100::, LOOPBACK",
    "64:ff9b:1:a9fe:a9:fe00::, METADATA",
    "64:ff9b:1::8.8.8.8, PRIVATE",
    "64:ff9b:1:a9fe:a9:fe00:7f00:1, METADATA",
    "2002:7f00:1::1, LOOPBACK",
    "2002:c0a8:101::1, PRIVATE",
    "2002:808:808::1, PUBLIC",
    "2001:0:7f00:1:0:ffff:f7f7:f7f7, LOOPBACK",
    "2001:0:808:808:0:ffff:80ff:fffe, LOOPBACK",
    "2001:0:808:808:0:ffff:f7f7:f7f7, PUBLIC",
  })
  void each_address_is_of_its_kind(String address, AddressKind kind) throws UnknownHostException {
    assertThat(AddressRanges.kindOf(InetAddress.getByName(address))).isEqualTo(kind);
  }

  @Test
  void a_mapped_address_that_java_did_not_unwrap_is_unwrapped() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    assertThat(AddressRanges.kindOf(Inet6Address.getByAddress(null, mapped, -1)))
        .isEqualTo(AddressKind.LOOPBACK);
  }
}
