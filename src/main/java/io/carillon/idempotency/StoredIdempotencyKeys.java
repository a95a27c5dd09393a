package io.carillon.idempotency;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keys in the table {@code idempotency}, so that every node sees them. The insert decides who does
 * the work; a claim whose lock has run out is taken over by whoever changes its lock first.
 */
public final class StoredIdempotencyKeys implements IdempotencyKeys {
  /** What is older goes with retention. */
  private static final Duration KEPT = Duration.ofHours(24);

  /** Longer than any request may take. */
  private static final Duration LOCKED = Duration.ofSeconds(20);

  private static final int TRIES = 3;

  private static final String INSERT =
      """
      INSERT INTO idempotency (key_hash, body_hash, proposed_id, created_at, locked_until, expires_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String READ_BY_KEY =
      """
      SELECT body_hash, proposed_id, status, headers, body, locked_until, expires_at
        FROM idempotency WHERE key_hash = ?
      """;

  /** The old lock in the condition makes one of several heirs win. */
  private static final String TAKE_OVER =
      """
      UPDATE idempotency SET locked_until = ?
       WHERE key_hash = ? AND status IS NULL AND locked_until = ?
      """;

  private static final String FINISH =
      """
      UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE key_hash = ? AND status IS NULL
      """;

  private static final String FORGET =
      """
      DELETE FROM idempotency WHERE key_hash = ? AND status IS NULL AND locked_until = ?
      """;

  private static final String UNLOCK =
      """
      UPDATE idempotency SET locked_until = 0
       WHERE key_hash = ? AND status IS NULL AND locked_until = ?
      """;

  private static final String DELETE_EXPIRED_ONE =
      "DELETE FROM idempotency WHERE key_hash = ? AND expires_at = ?";

  private final Supplier<DataSource> database;
  private final InstantSource clock;

  /**
   * @param database asked at each call; may throw {@link StoreUnavailable}
   */
  public StoredIdempotencyKeys(Supplier<DataSource> database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Claim claim(String keyHash, String bodyHash, String freshId) {
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            Claim claim = tryClaim(connection, keyHash, bodyHash, freshId);
            if (claim != null) {
              return claim;
            }
          }
          return new Claim.Running();
        });
  }

  /** Null if the row changed between two looks. */
  private @Nullable Claim tryClaim(
      Connection connection, String keyHash, String bodyHash, String freshId) throws SQLException {
    Instant now = clock.instant();
    Optional<Entry> found = Sql.queryOne(connection, READ_BY_KEY, Entry::of, keyHash);
    if (found.isEmpty()) {
      return insert(connection, keyHash, bodyHash, freshId, now);
    }
    Entry entry = found.get();
    if (entry.expiresAt <= now.toEpochMilli()) {
      Sql.update(connection, DELETE_EXPIRED_ONE, keyHash, entry.expiresAt);
      return null;
    }
    if (!entry.bodyHash.equals(bodyHash)) {
      return new Claim.OtherBody();
    }
    if (entry.answer != null) {
      return new Claim.Answered(entry.answer);
    }
    if (entry.proposedId.equals(freshId)) {
      // Our own insert, whose answer was lost with the connection.
      return new Claim.Mine(freshId, entry.lockedUntil, true);
    }
    if (entry.lockedUntil > now.toEpochMilli()) {
      return new Claim.Running();
    }
    long lock = now.plus(LOCKED).toEpochMilli();
    return Sql.update(connection, TAKE_OVER, lock, keyHash, entry.lockedUntil) == 1
        ? new Claim.Mine(entry.proposedId, lock, false)
        : null;
  }

  private @Nullable Claim insert(
      Connection connection, String keyHash, String bodyHash, String freshId, Instant now)
      throws SQLException {
    Instant lock = now.plus(LOCKED);
    try {
      Sql.update(connection, INSERT, keyHash, bodyHash, freshId, now, lock, now.plus(KEPT));
      return new Claim.Mine(freshId, lock.toEpochMilli(), true);
    } catch (SQLIntegrityConstraintViolationException another) {
      return null;
    }
  }

  @Override
  public void finish(String keyHash, StoredAnswer answer) {
    inDatabase(
        connection ->
            Sql.update(
                connection, FINISH, answer.status(), answer.headers(), answer.body(), keyHash));
  }

  @Override
  public void release(String keyHash, Claim.Mine claim, boolean forget) {
    inDatabase(
        connection -> Sql.update(connection, forget ? FORGET : UNLOCK, keyHash, claim.lock()));
  }

  private <T> T inDatabase(Reconnecting.Work<T> work) {
    try {
      return Reconnecting.again(database.get(), work);
    } catch (SQLException e) {
      throw StoreUnavailable.of(e);
    }
  }

  private record Entry(
      String bodyHash,
      String proposedId,
      @Nullable StoredAnswer answer,
      long lockedUntil,
      long expiresAt) {
    private static Entry of(ResultSet row) throws SQLException {
      Integer status = Sql.integer(row, "status");
      return new Entry(
          row.getString("body_hash"),
          row.getString("proposed_id"),
          status == null
              ? null
              : new StoredAnswer(status, row.getString("headers"), row.getString("body")),
          row.getLong("locked_until"),
          row.getLong("expires_at"));
    }
  }
}
