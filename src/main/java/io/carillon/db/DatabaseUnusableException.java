package io.carillon.db;

/**
 * The database is there but cannot be used as it is: its version, its schema, its rights, or the
 * data directory. Trying again does not help; the process exits with 2 and the message.
 */
public final class DatabaseUnusableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one line for the operator
   */
  public DatabaseUnusableException(String message) {
    super(message);
  }

  DatabaseUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
