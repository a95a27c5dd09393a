package io.carillon.job;

import java.util.List;
import java.util.Map;

/** Rules as they are, but for those of secrets. Thread-safe if both are. */
record RulesWithSecrets(TargetRules rules, SecretRules secrets) implements TargetRules {

  @Override
  public List<Broken> url(String url) {
    return rules.url(url);
  }

  @Override
  public List<Broken> headers(Map<String, String> headers) {
    return rules.headers(headers);
  }

  @Override
  public List<Broken> host(String host) {
    return rules.host(host);
  }

  @Override
  public MailRules mail() {
    return rules.mail();
  }
}
