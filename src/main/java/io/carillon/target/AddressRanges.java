package io.carillon.target;

import static io.carillon.target.AddressKind.BENCHMARKING;
import static io.carillon.target.AddressKind.DOCUMENTATION;
import static io.carillon.target.AddressKind.LINK_LOCAL;
import static io.carillon.target.AddressKind.LOOPBACK;
import static io.carillon.target.AddressKind.METADATA;
import static io.carillon.target.AddressKind.MULTICAST;
import static io.carillon.target.AddressKind.PRIVATE;
import static io.carillon.target.AddressKind.PUBLIC;
import static io.carillon.target.AddressKind.RESERVED;
import static io.carillon.target.AddressKind.SHARED;
import static io.carillon.target.AddressKind.UNSPECIFIED;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells what kind of address an address is, by the IANA special-purpose registries (RFC 6890 and
 * later entries) and the addresses on which clouds answer with credentials. An IPv6 address that
 * carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) is of the kind of the address
 * it carries, because that one is where the packet ends. IPv6 outside 2000::/3 is reserved unless
 * listed. Pure.
 */
final class AddressRanges {
  private record Range(Network network, AddressKind kind) {}

  private static final List<Range> TABLE =
      List.of(
          // Metadata services that do not, or not only, sit on 169.254.0.0/16.
          range("169.254.169.254", METADATA),
          range("169.254.170.2", METADATA),
          range("169.254.170.23", METADATA),
          range("100.100.100.200", METADATA),
          range("192.0.0.192", METADATA),
          range("168.63.129.16", METADATA),
          range("fd00:ec2::254", METADATA),
          range("fd00:ec2::23", METADATA),
          range("fd20:ce::254", METADATA),
          range("fd00:42::42", METADATA),
          range("0.0.0.0/8", UNSPECIFIED),
          range("10.0.0.0/8", PRIVATE),
          range("100.64.0.0/10", SHARED),
          range("127.0.0.0/8", LOOPBACK),
          range("169.254.0.0/16", LINK_LOCAL),
          range("172.16.0.0/12", PRIVATE),
          range("192.0.0.0/24", RESERVED),
          range("192.0.2.0/24", DOCUMENTATION),
          range("192.88.99.0/24", RESERVED),
          range("192.168.0.0/16", PRIVATE),
          range("198.18.0.0/15", BENCHMARKING),
          range("198.51.100.0/24", DOCUMENTATION),
          range("203.0.113.0/24", DOCUMENTATION),
          range("224.0.0.0/4", MULTICAST),
          range("240.0.0.0/4", RESERVED),
          range("::", UNSPECIFIED),
          range("::1", LOOPBACK),
          range("100::/64", RESERVED),
          range("2001:2::/48", BENCHMARKING),
          range("2001::/23", RESERVED),
          range("2001:db8::/32", DOCUMENTATION),
          range("3fff::/20", DOCUMENTATION),
          range("fc00::/7", PRIVATE),
          range("fe80::/10", LINK_LOCAL),
          range("fec0::/10", PRIVATE),
          range("ff00::/8", MULTICAST));

  private static final Network COMPATIBLE = Network.of("::/96");
  private static final Network NAT64 = Network.of("64:ff9b::/96");
  private static final Network LOCAL_NAT64 = Network.of("64:ff9b:1::/48");
  private static final Network SIX_TO_FOUR = Network.of("2002::/16");
  private static final Network TEREDO = Network.of("2001::/32");
  private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

  private AddressRanges() {}

  static AddressKind kindOf(InetAddress address) {
    return kindOf(Network.bytes(address));
  }

  private static AddressKind kindOf(byte[] address) {
    boolean tunnel = TEREDO.contains(address) || COMPATIBLE.contains(address) && !tiny(address);
    if (!tunnel) {
      for (Range range : TABLE) {
        if (range.network.contains(address)) {
          return range.kind;
        }
      }
    }
    return address.length == 4 ? PUBLIC : carried(address);
  }

  private static AddressKind carried(byte[] six) {
    if (COMPATIBLE.contains(six) || NAT64.contains(six)) {
      return kindOf(Arrays.copyOfRange(six, 12, 16));
    }
    if (SIX_TO_FOUR.contains(six)) {
      return kindOf(Arrays.copyOfRange(six, 2, 6));
    }
    if (TEREDO.contains(six)) {
      byte[] client = {(byte) ~six[12], (byte) ~six[13], (byte) ~six[14], (byte) ~six[15]};
      return stricter(kindOf(Arrays.copyOfRange(six, 4, 8)), kindOf(client));
    }
    if (LOCAL_NAT64.contains(six)) {
      // RFC 8215: a translator of the site's own. Its prefix may be /96 or, skipping octet 8, /48.
      byte[] skipping = {six[6], six[7], six[9], six[10]};
      byte[] last = Arrays.copyOfRange(six, 12, 16);
      return stricter(PRIVATE, stricter(kindOf(skipping), kindOf(last)));
    }
    return GLOBAL_UNICAST.contains(six) ? PUBLIC : RESERVED;
  }

  private static AddressKind stricter(AddressKind one, AddressKind other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** {@code ::} and {@code ::1}, which are not IPv4-compatible addresses. */
  private static boolean tiny(byte[] six) {
    return six[12] == 0 && six[13] == 0 && six[14] == 0 && (six[15] & 0xFE) == 0;
  }

  private static Range range(String network, AddressKind kind) {
    return new Range(Network.of(network), kind);
  }
}
