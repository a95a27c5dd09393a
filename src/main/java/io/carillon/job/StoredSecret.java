package io.carillon.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a stored secret: everything but its value.
 *
 * @param version rises with every new value; the ETag
 * @param rotatedAt when the present value was stored
 * @param previousUntil until when the value before it signs too; null if it does not
 */
public record StoredSecret(
    String namespace,
    String name,
    SecretKind kind,
    long version,
    Instant createdAt,
    Instant rotatedAt,
    @Nullable Instant previousUntil) {

  /** Whether a client may use this text as a name. */
  public static boolean isName(String name) {
    return JobId.isValid(name);
  }
}
