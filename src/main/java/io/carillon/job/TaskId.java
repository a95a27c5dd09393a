package io.carillon.job;

/**
 * Names a task: a namespace and an id that is unique in it, of the same characters as a job's. Ids
 * compare byte by byte.
 */
public record TaskId(String namespace, String value) {
  public TaskId {
    if (!JobId.isNamespace(namespace)) {
      throw new IllegalArgumentException("not a namespace: " + namespace);
    }
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a task id: " + value);
    }
  }

  /** An id in the default namespace. */
  public static TaskId of(String value) {
    return new TaskId(JobId.DEFAULT_NAMESPACE, value);
  }

  /** Whether a client may use this text as an id. */
  public static boolean isValid(String value) {
    return JobId.isValid(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
