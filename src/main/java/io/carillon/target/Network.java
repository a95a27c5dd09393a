package io.carillon.target;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses of one family: those that share the first {@code prefix} bits of {@code
 * base}. IPv4-mapped IPv6 addresses count as the IPv4 addresses they are. Immutable.
 */
final class Network {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern FOUR = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern SIX =
      Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*]");

  private final byte[] base;
  private final int prefix;

  private Network(byte[] base, int prefix) {
    this.base = base;
    this.prefix = prefix;
  }

  /**
   * Reads {@code address} or {@code address/bits}; never asks a resolver.
   *
   * @return null if the text is neither
   */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    byte[] base = bytes(address);
    if (slash < 0) {
      return new Network(base, base.length * 8);
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > base.length * 8) {
      return null;
    }
    return new Network(base, Integer.parseInt(bits));
  }

  /** For the tables of this package. */
  static Network of(String text) {
    Network network = parse(text);
    if (network == null) {
      throw new IllegalArgumentException("not a network: " + text);
    }
    return network;
  }

  /** The address a canonical literal stands for, brackets allowed; null if it is a name. */
  static @Nullable InetAddress literal(String text) {
    String bare = text;
    if (SIX.matcher(text).matches()) {
      String inner = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
      HttpUrl url = HttpUrl.parse("http://[" + inner + "]/");
      if (url == null) {
        return null;
      }
      bare = url.host();
    } else if (!FOUR.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(bare);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Whether it is one address only. */
  boolean single() {
    return prefix == base.length * 8;
  }

  boolean contains(InetAddress address) {
    return contains(bytes(address));
  }

  boolean contains(byte[] address) {
    if (address.length != base.length) {
      return false;
    }
    int whole = prefix / 8;
    if (!Arrays.equals(address, 0, whole, base, 0, whole)) {
      return false;
    }
    int rest = prefix % 8;
    return rest == 0 || ((address[whole] ^ base[whole]) & 0xFF) >> (8 - rest) == 0;
  }

  /** The bytes of an address, four of them if it is IPv4 or IPv4-mapped. */
  static byte[] bytes(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean mapped = bytes.length == 16 && bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; mapped && i < 10; i++) {
      mapped = bytes[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
  }
}
