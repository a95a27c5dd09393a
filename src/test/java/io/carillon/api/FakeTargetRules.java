package io.carillon.api;

import io.carillon.job.MailRules;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import io.carillon.quartz.mail.MailAddresses;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A few rules of each kind; the real ones have tests of their own. */
final class FakeTargetRules implements TargetRules {
  private final SecretRules secrets;

  FakeTargetRules(SecretRules secrets) {
    this.secrets = secrets;
  }

  @Override
  public SecretRules secrets() {
    return secrets;
  }

  @Override
  public List<Broken> url(String url) {
    List<Broken> broken = new ArrayList<>();
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() == null || !uri.getScheme().matches("https?")) {
        broken.add(new Broken("url_scheme", "http and https only", null));
      } else if (uri.getHost() == null) {
        broken.add(new Broken("url_invalid", "not a URL", null));
      } else if (uri.getHost().equals("169.254.169.254")) {
        broken.add(new Broken("url_address_denied", "not an address to call", null));
      }
    } catch (IllegalArgumentException e) {
      broken.add(new Broken("url_invalid", "not a URL", null));
    }
    return broken;
  }

  @Override
  public MailRules mail() {
    return new MailAddresses();
  }

  @Override
  public List<Broken> headers(Map<String, String> headers) {
    return headers.keySet().stream()
        .filter(name -> name.equalsIgnoreCase("Host"))
        .map(name -> new Broken("header_reserved", "reserved", name))
        .toList();
  }
}
