package io.carillon.job;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A key for signatures in the spelling of Standard Webhooks: {@code whsec_} and base64 of 24 to 64
 * bytes. Immutable.
 */
public final class SigningKey {
  public static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private static final int USUAL = 32;

  private final byte[] bytes;

  private SigningKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Empty if the text is none. */
  public static Optional<SigningKey> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return bytes.length < SHORTEST || bytes.length > LONGEST
          ? Optional.empty()
          : Optional.of(new SigningKey(bytes));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** A new key of 32 bytes, as text. */
  public static String generate(SecureRandom random) {
    byte[] bytes = new byte[USUAL];
    random.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  /** A fresh copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }
}
