package io.carillon.target;

import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets;
import io.carillon.job.JobId;
import java.util.HashMap;
import java.util.Map;

/** Secrets by name. A sealed header is its value with its place before it. */
final class FixedSecrets implements Secrets {
  private final Map<String, Revealed> values = new HashMap<>();

  FixedSecrets with(String name, Revealed value) {
    values.put(name, value);
    return this;
  }

  static String sealed(String header, String value) {
    return Firings.JOB + "/" + header + "=" + value;
  }

  @Override
  public Revealed reveal(String namespace, String name) throws NotRevealed {
    Revealed value = values.get(name);
    if (value == null) {
      throw new NotRevealed(Reasons.SECRET_MISSING, "there is no secret '" + name + "' any more");
    }
    return value;
  }

  @Override
  public String open(JobId job, String header, String sealed) {
    return sealed.substring((job + "/" + header + "=").length());
  }
}
