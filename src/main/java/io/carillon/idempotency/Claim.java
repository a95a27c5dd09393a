package io.carillon.idempotency;

/** What a claim of a key found. */
public sealed interface Claim {
  /**
   * The caller must do the work, under this id, and then tell how it ended.
   *
   * @param proposedId the id of what is created; not fresh when an earlier request died
   * @param lock what {@link IdempotencyKeys#release} needs to know
   */
  record Mine(String proposedId, long lock) implements Claim {}

  /** It was done. */
  record Answered(StoredAnswer answer) implements Claim {}

  /** The key was used with another body. */
  record OtherBody() implements Claim {}

  /** Another request with this key is at work. */
  record Running() implements Claim {}
}
