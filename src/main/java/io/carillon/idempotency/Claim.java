package io.carillon.idempotency;

/** What a claim of a key found. */
public sealed interface Claim {
  /**
   * The caller must do the work, under this id, and then tell how it ended.
   *
   * @param proposedId the id of what is created
   * @param lock what {@link IdempotencyKeys#release} needs to know
   * @param first whether no request had this key before; else an earlier one, which died or does
   *     not know its outcome, may have created something under this id
   */
  record Mine(String proposedId, long lock, boolean first) implements Claim {}

  /** It was done. */
  record Answered(StoredAnswer answer) implements Claim {}

  /** The key was used with another body. */
  record OtherBody() implements Claim {}

  /** Another request with this key is at work. */
  record Running() implements Claim {}
}
