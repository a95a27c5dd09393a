package io.carillon.bench;

/** The benchmark cannot go on: something did not start, did not answer, or did not end in time. */
final class BenchFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchFault(String message) {
    super(message);
  }

  BenchFault(String message, Throwable cause) {
    super(message, cause);
  }
}
