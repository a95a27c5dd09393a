package io.carillon.api.http;

import io.carillon.spec.Fault;
import java.util.List;

/** Ends a call with a problem. Carries no stack trace: it is an answer, not a defect. */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public static ProblemException of(int status, String code, String detail) {
    return new ProblemException(Problem.of(status, code, detail));
  }

  public static ProblemException of(int status, List<Fault> faults) {
    return new ProblemException(Problem.of(status, faults));
  }

  /** What is asked for is not there, or its name cannot be one. */
  public static ProblemException notFound(String what) {
    return of(404, "not_found", "there is no such " + what);
  }

  /**
   * What is to be changed is not at the version that {@code If-Match} names.
   *
   * @param current its version; 0 if there is none
   */
  public static ProblemException stale(String what, long current) {
    if (current == 0) {
      return of(412, "version_stale", "If-Match asks for a version, and there is no " + what);
    }
    return new ProblemException(
        Problem.of(412, "version_stale", "the " + what + " is at version " + current)
            .with("ETag", "\"" + current + "\""));
  }

  public Problem problem() {
    return problem;
  }
}
