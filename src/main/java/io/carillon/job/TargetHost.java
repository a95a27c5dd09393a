package io.carillon.job;

import io.carillon.job.Target.Http;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host that a target calls: what limits and breakers of hosts go by. Pure. Reads the authority
 * alone, and as leniently as the client that will call: {@link java.net.URI} knows no host with an
 * underscore, and none at all where a path or query has a character that should be encoded, and a
 * host without a name would be called without any limit.
 */
public final class TargetHost {
  private static final int MOST_CHARACTERS = 253;

  /** User information, a host, a port; what follows is not looked at. */
  private static final Pattern AUTHORITY =
      Pattern.compile("[A-Za-z]+://(?:[^/?#\\\\]*@)?(\\[[^]/?#\\\\]*]|[^:/?#\\\\]+)");

  private static final Pattern HOST = Pattern.compile("\\[[0-9a-f:.]+]|[0-9a-z_.~-]+");

  private TargetHost() {}

  /**
   * In lower case and ASCII, without a port, an IPv6 address in brackets; null if none is called,
   * or if the host is a template.
   */
  public static @Nullable String of(Target target) {
    if (!(target instanceof Http http)) {
      return null;
    }
    Matcher authority = AUTHORITY.matcher(http.url());
    String host = authority.lookingAt() ? ascii(authority.group(1)).toLowerCase(Locale.ROOT) : "";
    return host.length() <= MOST_CHARACTERS && HOST.matcher(host).matches() ? host : null;
  }

  /** Empty if it cannot be written so. */
  private static String ascii(String host) {
    if (host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      // A label that is too long, for one; such a URL is refused before it is called.
      return "";
    }
  }
}
