package io.carillon.idempotency;

import io.carillon.job.JobExceptions.StoreUnavailable;

/**
 * Remembers requests by their keys. Thread-safe; every method throws {@link StoreUnavailable} while
 * the database is away.
 */
public interface IdempotencyKeys {
  /**
   * Claims a key, at most three short statements.
   *
   * @param keyHash 64 hexadecimal digits: API key id, route and key
   * @param bodyHash 64 hexadecimal digits
   * @param freshId the id that is proposed if nobody claimed the key before
   */
  Claim claim(String keyHash, String bodyHash, String freshId);

  /** Keeps the final answer. Without effect if another request with this key has kept one. */
  void finish(String keyHash, StoredAnswer answer);

  /**
   * Ends a claim without an answer.
   *
   * @param forget true if nothing was stored for it, so that the key is free for any body; false
   *     keeps the proposed id for the next request with the same body
   */
  void release(String keyHash, Claim.Mine claim, boolean forget);
}
