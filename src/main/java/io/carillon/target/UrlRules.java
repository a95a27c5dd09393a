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

/** Layer 1 for URLs: parses once, with the parser of the client that will call. Thread-safe. */
final class UrlRules {
  static final int MOST_CHARACTERS = 8192;
  static final int MOST_HOST_CHARACTERS = 253;

  private static final int MOST_KNOWN = 1_000;
  private static final int LONGEST_KNOWN = 500;

  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z]+://([^/?#]+)");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]+)(?::([0-9]+))?");

  private final EgressPolicy policy;

  /** What had no fault, bounded: the same few URLs are read again and again. */
  private final Map<String, HttpUrl> sound = new ConcurrentHashMap<>();

  UrlRules(EgressPolicy policy) {
    this.policy = policy;
  }

  /**
   * Reads a URL and adds what is wrong with it.
   *
   * @return the URL to call; null if there was a fault
   */
  @Nullable HttpUrl read(String text, List<Broken> faults) {
    HttpUrl known = sound.get(text);
    if (known != null) {
      return known;
    }
    HttpUrl url = readNew(text, faults);
    if (url != null && text.length() <= LONGEST_KNOWN) {
      if (sound.size() >= MOST_KNOWN) {
        sound.clear();
      }
      sound.put(text, url);
    }
    return url;
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
    } else if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7F || c == '\\')) {
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
