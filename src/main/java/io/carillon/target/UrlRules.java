package io.carillon.target;

import io.carillon.job.TargetRules.Broken;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Layer 1 for URLs: parses once, with the parser of the client that will call. What all URLs of an
 * origin (scheme, host and port) have in common is looked at once for the origin. Thread-safe.
 */
final class UrlRules {
  static final int MOST_CHARACTERS = 8192;
  static final int MOST_HOST_CHARACTERS = 253;

  private static final int MOST_KNOWN = 1_000;

  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z]+://([^/?#]+)");
  private static final Pattern HOST =
      Pattern.compile("\\[[0-9a-fA-F:.]+]|[!-~&&[^/?#@:\\[\\]\\\\]]+");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]+)(?::([0-9]+))?");

  private final EgressPolicy policy;

  /** Origins without a fault as they were written, bounded: the same few are called again. */
  private final Map<String, HttpUrl> origins = new ConcurrentHashMap<>();

  UrlRules(EgressPolicy policy) {
    this.policy = policy;
  }

  /**
   * Reads a URL and adds what is wrong with it.
   *
   * @return the URL to call; null if there was a fault
   */
  @Nullable HttpUrl read(String text, List<Broken> faults) {
    HttpUrl known = ofKnownOrigin(text);
    if (known != null) {
      return known;
    }
    HttpUrl url = readNew(text, faults);
    String origin = url == null ? null : origin(text);
    if (origin != null) {
      if (origins.size() >= MOST_KNOWN) {
        origins.clear();
      }
      origins.put(origin, url.resolve("/"));
    }
    return url;
  }

  /**
   * What stands before the path: {@code http://host:80} of {@code http://host:80/path}. Null if no
   * path follows, or one that a parser could take for another host.
   */
  private static @Nullable String origin(String text) {
    int path = text.indexOf('/', text.indexOf("://") + 3);
    if (path < 0 || path + 1 < text.length() && text.charAt(path + 1) == '/') {
      return null;
    }
    String origin = text.substring(0, path);
    return origin.indexOf('?') < 0 && origin.indexOf('#') < 0 ? origin : null;
  }

  /** Reads a URL that can have no fault in its path, of an origin that has none. */
  private @Nullable HttpUrl ofKnownOrigin(String text) {
    String origin = origin(text);
    HttpUrl base = origin == null ? null : origins.get(origin);
    if (base == null || text.length() > MOST_CHARACTERS || hasForbidden(text)) {
      return null;
    }
    HttpUrl url = base.resolve(text.substring(origin.length()));
    boolean same =
        url != null
            && url.host().equals(base.host())
            && url.port() == base.port()
            && url.scheme().equals(base.scheme());
    return same ? url : null;
  }

  private static boolean hasForbidden(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == 0x7F || c == '\\') {
        return true;
      }
    }
    return false;
  }

  private @Nullable HttpUrl readNew(String text, List<Broken> faults) {
    int before = faults.size();
    if (text.length() > MOST_CHARACTERS) {
      add(faults, "url_too_long", "a URL has at most 8,192 characters");
    }
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.find()) {
      add(faults, "url_invalid", "a URL begins with http:// or https://");
    } else if (!scheme.group(1).toLowerCase(Locale.ROOT).matches("https?")) {
      add(faults, "url_scheme", "only http and https are called");
    } else if (hasForbidden(text)) {
      add(faults, "url_invalid", "blanks, control characters and backslashes must be encoded");
    } else if (faults.size() == before) {
      HttpUrl url = readAuthority(text, faults);
      return faults.size() == before ? url : null;
    }
    return null;
  }

  private @Nullable HttpUrl readAuthority(String text, List<Broken> faults) {
    Matcher authority = AUTHORITY.matcher(text);
    if (!authority.find()) {
      add(faults, "url_invalid", "the host is missing");
      return null;
    }
    String hostAndPort = authority.group(1);
    int at = hostAndPort.lastIndexOf('@');
    if (at >= 0) {
      add(faults, "url_userinfo", "a URL must not carry a user or password; use a header");
      hostAndPort = hostAndPort.substring(at + 1);
    }
    Matcher parts = HOST_AND_PORT.matcher(hostAndPort);
    if (!parts.matches()) {
      add(faults, "url_invalid", "the host or port cannot be read");
      return null;
    }
    checkPort(parts.group(2), faults);
    String written = parts.group(1);
    if (written.length() > MOST_HOST_CHARACTERS) {
      add(faults, "url_host_too_long", "a host has at most 253 characters");
      return null;
    }
    return readHost(text, written, faults);
  }

  private @Nullable HttpUrl readHost(String text, String written, List<Broken> faults) {
    HttpUrl url = HttpUrl.parse(text);
    String canonical = url == null ? null : url.host();
    String ambiguous = HostSpelling.problem(written, canonical);
    if (ambiguous != null) {
      add(faults, "url_host_ambiguous", ambiguous);
    }
    if (canonical == null) {
      if (faults.isEmpty()) {
        add(faults, "url_invalid", "the URL cannot be read");
      }
      return null;
    }
    if (canonical.length() > MOST_HOST_CHARACTERS) {
      add(faults, "url_host_too_long", "a host has at most 253 characters");
    }
    InetAddress address = Network.literal(canonical);
    String refusal = address == null ? policy.refusal(canonical) : policy.refusal(null, address);
    if (refusal != null) {
      add(faults, "url_address_denied", refusal);
    }
    return url;
  }

  /** Adds what is wrong with a host that stands alone. */
  static void readHost(String text, List<Broken> faults) {
    if (text.length() > MOST_HOST_CHARACTERS) {
      add(faults, "url_host_too_long", "a host has at most 253 characters");
      return;
    }
    HttpUrl url = HOST.matcher(text).matches() ? HttpUrl.parse("http://" + text + "/") : null;
    if (url == null || !url.username().isEmpty() || url.port() != 80) {
      add(faults, "host_invalid", "not a host: a name or an address, without scheme and port");
      return;
    }
    String ambiguous = HostSpelling.problem(text, url.host());
    if (ambiguous != null) {
      add(faults, "url_host_ambiguous", ambiguous);
    } else if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      add(faults, "host_invalid", "hosts are written in lower case here");
    }
  }

  private void checkPort(@Nullable String digits, List<Broken> faults) {
    if (digits == null) {
      return;
    }
    if (digits.length() > 5 || !policy.allowsPort(Integer.parseInt(digits))) {
      add(
          faults,
          "url_port_denied",
          "ports are 80, 443 and 1024 to 65535, but for those of databases and mail");
    }
  }

  private static void add(List<Broken> faults, String code, String detail) {
    faults.add(new Broken(code, detail, null));
  }
}
