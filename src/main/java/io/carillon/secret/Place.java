package io.carillon.secret;

import io.carillon.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where something encrypted belongs: the associated data of its encryption. What is moved elsewhere
 * does not open.
 */
record Place(String text) {
  /** Of a stored secret. Neither part can hold a line end. */
  static Place of(String namespace, String name) {
    return new Place("secret\n" + namespace + "\n" + name);
  }

  /** Of a header of a job, whatever its case. */
  static Place of(JobId job, String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    return new Place("job\n" + job.namespace() + "\n" + job.value() + "\n" + lower);
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
