package io.carillon.secret;

import io.carillon.job.Jobs;
import io.carillon.job.Jobs.Page;
import io.carillon.job.SecretKind;
import io.carillon.job.StoredSecret;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Stored secrets, without their values. A change returns only when it is on disk, and is in force
 * on every node within 5 s. Thread-safe; every call is at most three indexed statements. All may
 * throw {@link io.carillon.job.JobExceptions.StoreUnavailable}.
 */
public interface SecretBook {
  /** Whether there is a key to encrypt with; without one nothing can be put. */
  boolean available();

  Optional<StoredSecret> find(String namespace, String name);

  /**
   * By name.
   *
   * @throws Jobs.BadCursor for a cursor that this server did not make
   */
  Page<StoredSecret> list(String namespace, @Nullable String cursor, int limit);

  /**
   * Stores a value, new or in place of the one that is there.
   *
   * @param mustBeNew then {@link Conflict} if it is there
   * @param expectedVersion then {@link Conflict} if it is another, or there is none
   */
  Put put(NewValue value, boolean mustBeNew, OptionalLong expectedVersion);

  /**
   * Removes a secret, whoever uses it.
   *
   * @param expectedVersion then {@link Conflict} if it is another
   * @return whether it was there
   */
  boolean delete(String namespace, String name, OptionalLong expectedVersion);

  /**
   * A value to be stored.
   *
   * @param grace how long the value before it stays in use beside it; null: it goes at once
   */
  record NewValue(
      String namespace, String name, SecretKind kind, String value, @Nullable Duration grace) {
    @Override
    public String toString() {
      return "NewValue[" + namespace + "/" + name + ", " + kind + "]";
    }
  }

  /** What a put did. */
  record Put(StoredSecret stored, boolean created) {}

  /** The secret is not at the version that the caller expects. */
  final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long current;

    /**
     * @param current its version; 0 if there is none
     */
    public Conflict(String name, long current) {
      super("secret " + name + " is at version " + current);
      this.current = current;
    }

    public long current() {
      return current;
    }
  }

  /** Two kinds cannot be in use beside each other. */
  final class OtherKind extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OtherKind(String name, SecretKind kind) {
      super("secret " + name + " is of kind " + kind + ": only one of the same kind rotates it");
    }
  }
}
