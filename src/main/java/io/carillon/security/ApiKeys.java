package io.carillon.security;

import io.carillon.config.KeysConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The configured API keys. Keeps SHA-256 hashes only, compares in constant time and always with
 * every key, so the time of an answer tells nothing about a key. Immutable; thread-safe.
 */
public final class ApiKeys {
  private static final int ID_LENGTH = 12;

  private final List<byte[]> hashes;

  public ApiKeys(KeysConfig config) {
    hashes = config.keys().stream().map(ApiKeys::hash).toList();
  }

  /** Whether calls have to carry a key. */
  public boolean required() {
    return !hashes.isEmpty();
  }

  /** The caller that a key stands for; empty if it is none of the configured ones. */
  public Optional<Caller> caller(String key) {
    byte[] given = hash(key);
    boolean known = false;
    for (byte[] hash : hashes) {
      known |= MessageDigest.isEqual(hash, given);
    }
    return known
        ? Optional.of(new Caller(HexFormat.of().formatHex(given).substring(0, ID_LENGTH)))
        : Optional.empty();
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
