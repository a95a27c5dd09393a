package io.carillon.spec;

import io.carillon.job.JobId;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets as they were when first asked for. Thread-safe; meant for one request. */
final class RememberedSecrets implements SecretRules {
  private final SecretRules secrets;
  private final Map<String, Optional<SecretKind>> kinds = new ConcurrentHashMap<>();

  RememberedSecrets(SecretRules secrets) {
    this.secrets = secrets;
  }

  @Override
  public boolean available() {
    return secrets.available();
  }

  @Override
  public Optional<SecretKind> kind(String namespace, String name) {
    return kinds.computeIfAbsent(namespace + '\n' + name, unknown -> secrets.kind(namespace, name));
  }

  @Override
  public String seal(JobId job, String header, String value) {
    return secrets.seal(job, header, value);
  }
}
