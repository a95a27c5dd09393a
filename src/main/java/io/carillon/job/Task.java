package io.carillon.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template of a target, from which jobs are made by giving its parameters values. Immutable.
 *
 * @param description at most 250 characters
 * @param target as a job's target, JSON-like, with placeholders such as {@code {{to}}}
 * @param parameters by name, in the order declared
 * @param retry of jobs that say nothing else, JSON-like; null for a job's own default
 * @param queue of jobs that say nothing else; null for the default queue
 */
public record Task(
    TaskId id,
    @Nullable String description,
    Map<String, Object> target,
    Map<String, Parameter> parameters,
    @Nullable Map<String, Object> retry,
    @Nullable String queue) {

  /** The JSON types a value can have; integers are numbers without a fraction. */
  public enum Type {
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ARRAY,
    OBJECT
  }

  /**
   * A parameter as declared.
   *
   * @param required whether each job has to name a value; then there is no fallback
   * @param fallback stands where a job names none, JSON-like; null: such a place stays empty
   */
  public record Parameter(
      Type type, boolean required, @Nullable Object fallback, @Nullable String description) {
    public Parameter {
      if (required && fallback != null) {
        throw new IllegalArgumentException("a required parameter with a default");
      }
    }
  }

  public Task {
    target = Collections.unmodifiableMap(new LinkedHashMap<>(target));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    retry = retry == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(retry));
  }
}
