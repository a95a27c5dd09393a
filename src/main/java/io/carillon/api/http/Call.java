package io.carillon.api.http;

/** What a route does. Thread-safe. */
@FunctionalInterface
public interface Call {
  /**
   * @throws ProblemException for everything that is the caller's to mend
   */
  Reply answer(Exchange exchange);
}
