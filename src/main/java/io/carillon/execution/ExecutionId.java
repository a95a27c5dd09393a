package io.carillon.execution;

import io.carillon.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one planned instant of one job: a UUID of version 8 (RFC 9562, 5.8) whose first 48 bits are
 * the scheduled instant in milliseconds since 1970 and whose other bits are a SHA-256 of job,
 * generation and instant. The same on every node, in every retry and every recovery. Ids sort by
 * scheduled instant, and an id alone tells the partition its row lies in.
 */
public record ExecutionId(String value) {

  public ExecutionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not an execution id: " + value);
    }
  }

  /** The execution of a planned instant. */
  public static ExecutionId planned(JobId job, int generation, Instant scheduledAt) {
    return of(scheduledAt, "plan\n" + job.namespace() + '\n' + job.value() + '\n' + generation);
  }

  /**
   * The execution of a run by hand: the same request key is the same execution.
   *
   * @param key the request's own; where it is a UUID of version 7, the time inside it is the
   *     instant, so that a repeated request finds its execution again
   * @param now the instant for all other keys
   */
  public static ExecutionId byHand(JobId job, String key, Instant now) {
    Instant instant = timeInside(key).orElse(now);
    return of(instant, "hand\n" + job.namespace() + '\n' + job.value() + '\n' + key);
  }

  /** The execution of a planned instant that is run after the fact: the same at every request. */
  public static ExecutionId backfilled(JobId job, Instant scheduledAt) {
    return of(scheduledAt, "fill\n" + job.namespace() + '\n' + job.value());
  }

  /**
   * The run of a job that follows something: the same whenever that is asked for.
   *
   * @param source what it follows
   * @param place which link of that
   * @param ended when that had ended
   */
  public static ExecutionId following(JobId job, String source, String place, Instant ended) {
    return of(
        ended, "link\n" + job.namespace() + '\n' + job.value() + '\n' + source + '\n' + place);
  }

  private static Optional<Instant> timeInside(String key) {
    try {
      UUID uuid = UUID.fromString(key);
      return uuid.version() == 7
          ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads an id that came from outside; empty if this server cannot have made it. */
  public static Optional<ExecutionId> parse(String text) {
    return isValid(text) ? Optional.of(new ExecutionId(text)) : Optional.empty();
  }

  /** A text that sorts before every id of an instant, and after those of earlier ones. */
  public static String lowest(Instant scheduledAt) {
    return new UUID(scheduledAt.toEpochMilli() << 16, 0).toString();
  }

  /** The scheduled instant, to the millisecond. */
  public Instant scheduledAt() {
    return Instant.ofEpochMilli(UUID.fromString(value).getMostSignificantBits() >>> 16);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String text) {
    if (text.length() != 36) {
      return false;
    }
    try {
      UUID uuid = UUID.fromString(text);
      return uuid.version() == 8 && uuid.variant() == 2 && uuid.toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ExecutionId of(Instant instant, String identity) {
    long millis = instant.toEpochMilli();
    if (millis < 0 || millis >= 1L << 48) {
      throw new IllegalArgumentException("instant out of range: " + instant);
    }
    ByteBuffer hash =
        ByteBuffer.wrap(
            sha256().digest((identity + '\n' + millis).getBytes(StandardCharsets.UTF_8)));
    long high = (millis << 16) | 0x8000L | (hash.getLong() & 0x0FFFL);
    long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new ExecutionId(new UUID(high, low).toString());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
