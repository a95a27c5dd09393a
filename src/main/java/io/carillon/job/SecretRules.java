package io.carillon.job;

import java.util.Optional;

/**
 * What a definition may do with secrets, and how it keeps those that it brings along. Thread-safe.
 */
public interface SecretRules {
  /** Stands in answers where a secret is, and in requests for the one that is there already. */
  String MASK = "***";

  /** Of a server that has no key to encrypt with. */
  SecretRules UNAVAILABLE =
      new SecretRules() {
        @Override
        public boolean available() {
          return false;
        }

        @Override
        public Optional<SecretKind> kind(String namespace, String name) {
          return Optional.empty();
        }

        @Override
        public String seal(JobId job, String header, String value) {
          throw new IllegalStateException("there is no key to encrypt with");
        }
      };

  /** Whether there is a key. Without one nothing else may be asked. */
  boolean available();

  /**
   * The kind of a stored secret; empty if there is none of this name. One statement.
   *
   * @throws JobExceptions.StoreUnavailable if the database does not answer
   */
  Optional<SecretKind> kind(String namespace, String name);

  /**
   * Encrypts the value of a job's header. Pure computation.
   *
   * @return ASCII letters, digits, dots, dashes and underscores, which can be opened for this
   *     header of this job alone
   */
  String seal(JobId job, String header, String value);
}
