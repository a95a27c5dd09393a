package io.carillon.job;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * Names a job: a namespace and an id that is unique in it. Ids compare byte by byte; {@code Job}
 * and {@code job} are two.
 *
 * @param namespace 1–64 of {@code [a-z0-9-]}
 * @param value 1–120 of {@code [A-Za-z0-9._~-]} (RFC 3986 unreserved characters, so it needs no
 *     escaping in a path)
 */
public record JobId(String namespace, String value) {
  public static final String DEFAULT_NAMESPACE = "default";

  private static final int LONGEST_NAMESPACE = 64;
  private static final int LONGEST_VALUE = 120;
  private static final SecureRandom RANDOM = new SecureRandom();

  public JobId {
    if (!isNamespace(namespace)) {
      throw new IllegalArgumentException("not a namespace: " + namespace);
    }
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a job id: " + value);
    }
  }

  /** An id in the default namespace. */
  public static JobId of(String value) {
    return new JobId(DEFAULT_NAMESPACE, value);
  }

  /** Whether this text can be a namespace. */
  public static boolean isNamespace(String text) {
    return isOf(text, LONGEST_NAMESPACE, JobId::isOfNamespaces);
  }

  /** Whether a client may use this text as an id. */
  public static boolean isValid(String value) {
    return isOf(value, LONGEST_VALUE, JobId::isUnreserved);
  }

  /** By hand: several of these are made for each firing, and a pattern costs ten times as much. */
  private static boolean isOf(String text, int longest, IntPredicate allowed) {
    int length = text.length();
    if (length == 0 || length > longest) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfNamespaces(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private static boolean isUnreserved(int c) {
    return isOfNamespaces(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '~';
  }

  /**
   * A fresh id of the server's own making: UUIDv7 (RFC 9562, 5.7), so ids sort by creation.
   * Thread-safe.
   */
  public static JobId create(String namespace, Instant now) {
    long random = RANDOM.nextLong();
    long high = (now.toEpochMilli() << 16) | 0x7000L | (random & 0x0FFFL);
    long low = (RANDOM.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new JobId(namespace, new UUID(high, low).toString());
  }

  @Override
  public String toString() {
    return namespace.equals(DEFAULT_NAMESPACE) ? value : namespace + "/" + value;
  }
}
