package io.carillon.following;

import io.carillon.job.Auth;
import io.carillon.job.JobId;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of secrets for what is made of a task inside a transaction: what the task itself says
 * of the only secret that it can name. Nothing is looked up, as that would wait for another
 * connection while the lock row is held. The secret was there when the task was stored; if it is
 * gone the call says so. Thread-safe if the rules are.
 */
record SecretsOfTask(SecretRules secrets, Task task) implements SecretRules {

  /** The same rules, with these of secrets. */
  static TargetRules in(TargetRules rules, Task task) {
    return TargetRules.with(rules, new SecretsOfTask(rules.secrets(), task));
  }

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
