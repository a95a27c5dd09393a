package io.carillon.following;

import io.carillon.job.Auth;
import io.carillon.job.JobId;
import io.carillon.job.MailRules;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules for what is made of a task inside a transaction: the same, but that secrets are not
 * looked up, as that would wait for another connection while the lock row is held. The secret of a
 * task was there when the task was stored; if it is gone the call says so. Thread-safe if the rules
 * are.
 */
record RulesInside(TargetRules rules, Task task) implements TargetRules {

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
    return new SecretsOfTask(rules.secrets(), task);
  }

  /** What the task itself says of the only secret that it can name. */
  private record SecretsOfTask(SecretRules secrets, Task task) implements SecretRules {

    @Override
    public boolean available() {
      return secrets.available();
    }

    @Override
    public Optional<SecretKind> kind(String namespace, String name) {
      return task.target().get("auth") instanceof Map<?, ?> auth && name.equals(auth.get("secret"))
          ? Optional.of(
              Auth.Type.SIGNATURE.name().equals(auth.get("type"))
                  ? SecretKind.SIGNING
                  : SecretKind.TEXT)
          : Optional.empty();
    }

    @Override
    public String seal(JobId job, String header, String value) {
      return secrets.seal(job, header, value);
    }
  }
}
