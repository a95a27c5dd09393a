package io.carillon.spec;

import io.carillon.job.MailRules;
import io.carillon.job.TargetRules;
import io.carillon.quartz.mail.MailAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Outbound rules small enough to see through: https only, and no header called Host. */
final class Rules implements TargetRules {
  @Override
  public List<Broken> url(String url) {
    return url.startsWith("https://")
        ? List.of()
        : List.of(new Broken("url_scheme", "only https here", null));
  }

  @Override
  public MailRules mail() {
    return new MailAddresses();
  }

  @Override
  public List<Broken> headers(Map<String, String> headers) {
    List<Broken> broken = new ArrayList<>();
    for (String name : headers.keySet()) {
      if (name.equalsIgnoreCase("host")) {
        broken.add(new Broken("header_reserved", "reserved", name));
      }
    }
    return broken;
  }
}
