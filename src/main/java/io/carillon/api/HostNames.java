package io.carillon.api;

import io.carillon.api.http.ProblemException;
import io.carillon.config.HttpConfig;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which a server without keys may be called. A page of a foreign site whose name
 * was made to resolve to this machine (DNS rebinding) sends its own name, and is refused; so is one
 * that posts to this machine directly, which sends its origin. Immutable.
 */
final class HostNames {
  private final Set<String> names;

  HostNames(HttpConfig config) {
    names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    names.addAll(config.hosts());
    names.add(bracketed(config.host()));
  }

  /**
   * @throws ProblemException 403
   */
  void check(@Nullable String host) {
    if (host == null || !names.contains(name(host))) {
      throw ProblemException.of(
          403,
          "host_not_allowed",
          "without API keys this server answers as localhost only; carillon.http.hosts names others");
    }
  }

  /**
   * @throws ProblemException 403 if a browser says that another site's page sent the request
   */
  void checkOrigin(@Nullable String origin, @Nullable String host) {
    boolean own = ("http://" + host).equals(origin) || ("https://" + host).equals(origin);
    if (origin != null && !own && !known(origin)) {
      throw ProblemException.of(
          403, "origin_not_allowed", "pages of other sites may not call this server");
    }
  }

  private boolean known(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host != null && names.contains(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the port, in lower case. */
  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
