package io.carillon.execution;

import io.carillon.job.JobId;
import io.carillon.job.SecretKind;
import org.jspecify.annotations.Nullable;

/**
 * Values of secrets, for the moment in which a call is made. Thread-safe. Holds no connection when
 * it returns; most calls cost no statement.
 */
public interface Secrets {
  /** Of a node that has no key to decrypt with. */
  Secrets NONE =
      new Secrets() {
        @Override
        public Revealed reveal(String namespace, String name) throws NotRevealed {
          throw new NotRevealed(Reasons.SECRET_UNREADABLE, "this node has no key for secrets");
        }

        @Override
        public String open(JobId job, String header, String sealed) throws NotRevealed {
          throw new NotRevealed(Reasons.SECRET_UNREADABLE, "this node has no key for secrets");
        }
      };

  /** The value of a stored secret, at most 5 s old while the database answers. */
  Revealed reveal(String namespace, String name) throws NotRevealed;

  /** Opens what {@link io.carillon.job.SecretRules#seal} closed. */
  String open(JobId job, String header, String sealed) throws NotRevealed;

  /**
   * A value in clear.
   *
   * @param previous the one before it, while both are in use; else null
   */
  record Revealed(SecretKind kind, String current, @Nullable String previous) {
    @Override
    public String toString() {
      return "Revealed[" + kind + "]";
    }
  }

  /** There is no value to go on with: nothing must be sent. */
  final class NotRevealed extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;

    /**
     * @param reason one of {@link Reasons}
     * @param words for people; names the secret, never a value
     */
    public NotRevealed(String reason, String words) {
      super(words, null, false, false);
      this.reason = reason;
    }

    public String reason() {
      return reason;
    }
  }
}
