package io.carillon.job;

import io.carillon.job.Target.Http;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The host that a target calls: what limits and breakers of hosts go by. Pure. */
public final class TargetHost {
  private TargetHost() {}

  /**
   * In lower case, without a port, an IPv6 address in brackets; null if none is called, or if the
   * URL is a template.
   */
  public static @Nullable String of(Target target) {
    if (!(target instanceof Http http)) {
      return null;
    }
    try {
      String host = new URI(http.url()).getHost();
      return host == null ? null : host.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      // A template's URL need not be one yet: such a job belongs to no host.
      return null;
    }
  }
}
