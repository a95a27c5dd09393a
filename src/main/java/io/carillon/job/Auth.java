package io.carillon.job;

import org.jspecify.annotations.Nullable;

/**
 * How a call proves who makes it. Names a stored secret and never holds its value.
 *
 * @param secret name of the secret
 * @param user of {@link Type#BASIC}; null if the secret is {@code user:password}
 * @param header of {@link Type#HEADER}, else null
 */
public record Auth(Type type, String secret, @Nullable String user, @Nullable String header) {
  /** The ways there are. */
  public enum Type {
    /** {@code Authorization: Basic} (RFC 7617). */
    BASIC,
    /** {@code Authorization: Bearer} (RFC 6750). */
    BEARER,
    /** The secret alone in a header. */
    HEADER,
    /** A signature over id, time and body (Standard Webhooks). */
    SIGNATURE
  }

  public Auth {
    if ((type == Type.HEADER) != (header != null)) {
      throw new IllegalArgumentException("a header belongs to HEADER");
    }
    if (type != Type.BASIC && user != null) {
      throw new IllegalArgumentException("a user belongs to BASIC");
    }
  }

  /** Calls signed with this secret, as those of a callback. */
  public static Auth signature(String secret) {
    return new Auth(Type.SIGNATURE, secret, null, null);
  }

  /** The kind of secret that it takes. */
  public SecretKind kind() {
    return type == Type.SIGNATURE ? SecretKind.SIGNING : SecretKind.TEXT;
  }
}
