package io.carillon.job;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell about the executions of a job: field {@code callback} of its definition.
 *
 * @param on states of executions, by name
 * @param secret name of the secret that signs the call; null if it is not signed
 */
public record Callback(String url, Set<String> on, @Nullable String secret) {
  /** The field of a definition. */
  public static final String FIELD = "callback";

  private static final Set<String> USUAL = Set.of("SUCCEEDED", "FAILED");

  public Callback {
    on = Set.copyOf(on);
  }

  /** Empty if the job tells nobody. */
  public static Optional<Callback> of(Job job) {
    if (!(job.options().get(FIELD) instanceof Map<?, ?> callback)
        || !(callback.get("url") instanceof String url)) {
      return Optional.empty();
    }
    return Optional.of(
        new Callback(
            url,
            states(callback.get("on")),
            callback.get("secret") instanceof String secret ? secret : null));
  }

  private static Set<String> states(@Nullable Object on) {
    if (!(on instanceof List<?> named)) {
      return USUAL;
    }
    Set<String> states = new LinkedHashSet<>();
    named.forEach(state -> states.add(String.valueOf(state)));
    return states;
  }
}
