package io.carillon.spec;

import io.carillon.job.JobId;
import io.carillon.job.MailRules;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rules with secrets as they were when first asked for. Thread-safe; meant for one request. */
final class RememberedRules implements TargetRules {
  private final TargetRules rules;
  private final SecretRules secrets;

  RememberedRules(TargetRules rules) {
    this.rules = rules;
    this.secrets = new RememberedSecrets(rules.secrets());
  }

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

  @Override
  public SecretRules secrets() {
    return secrets;
  }

  private static final class RememberedSecrets implements SecretRules {
    private final SecretRules secrets;
    private final Map<String, Optional<SecretKind>> kinds = new ConcurrentHashMap<>();

    private RememberedSecrets(SecretRules secrets) {
      this.secrets = secrets;
    }

    @Override
    public boolean available() {
      return secrets.available();
    }

    @Override
    public Optional<SecretKind> kind(String namespace, String name) {
      return kinds.computeIfAbsent(
          namespace + '\n' + name, unknown -> secrets.kind(namespace, name));
    }

    @Override
    public String seal(JobId job, String header, String value) {
      return secrets.seal(job, header, value);
    }
  }
}
