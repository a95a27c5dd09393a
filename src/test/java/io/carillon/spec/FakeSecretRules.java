package io.carillon.spec;

import io.carillon.job.JobId;
import io.carillon.job.MailRules;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two secrets, of a kind each; what is sealed is its number. */
final class FakeSecretRules implements TargetRules, SecretRules {
  private final Rules rules = new Rules();
  final List<String> sealed = new ArrayList<>();
  int lookUps;

  @Override
  public List<Broken> url(String url) {
    return rules.url(url);
  }

  @Override
  public List<Broken> headers(Map<String, String> headers) {
    return rules.headers(headers);
  }

  @Override
  public MailRules mail() {
    return rules.mail();
  }

  @Override
  public SecretRules secrets() {
    return this;
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public Optional<SecretKind> kind(String namespace, String name) {
    lookUps++;
    return switch (name) {
      case "token" -> Optional.of(SecretKind.TEXT);
      case "hook" -> Optional.of(SecretKind.SIGNING);
      default -> Optional.empty();
    };
  }

  @Override
  public String seal(JobId job, String header, String value) {
    sealed.add(job + " " + header + " " + value);
    return "sealed-" + sealed.size();
  }
}
