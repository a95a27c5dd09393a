package io.carillon.breaker;

import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import java.util.Set;

/** What the end of a call says of the host that was called. */
enum Verdict {
  /** It answered: with whatever status below 500, 429 included. */
  ANSWER,
  /** It could not be reached, did not answer in time, or said itself that it failed. */
  FAILURE,
  /** Nothing: the call was not made, or broken off by us. */
  NONE;

  private static final Set<String> NO_ANSWER =
      Set.of(Reasons.NETWORK, Reasons.DNS, Reasons.TLS, Reasons.CONNECT, Reasons.TIMEOUT);

  static Verdict of(Outcome outcome) {
    if (!(outcome instanceof Failed failed)) {
      return ANSWER;
    }
    if (NO_ANSWER.contains(failed.reason())) {
      return FAILURE;
    }
    Integer status = failed.httpStatus();
    if (status == null) {
      return NONE;
    }
    boolean judged = !failed.reason().equals(Reasons.CANCELLED);
    return status >= 500 ? FAILURE : judged ? ANSWER : NONE;
  }
}
