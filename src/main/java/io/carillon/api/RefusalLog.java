package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the operator of requests that were refused because the server could not serve them (503),
 * in one line for each kind and interval however many there were: the first at once, those after it
 * with the first that comes when the interval is over. A stop is no trouble and is not told.
 * Bounded by the number of codes. Thread-safe.
 */
final class RefusalLog {
  static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final String DRAINING = "draining";

  private final InstantSource clock;
  private final Consumer<String> lines;

  // Guarded by this.
  private final Map<String, Untold> byCode = new HashMap<>();

  /** What was refused since the last line. */
  private record Untold(Instant since, long count) {
    Untold more() {
      return new Untold(since, count + 1);
    }
  }

  /**
   * @param lines takes what is to be logged
   */
  RefusalLog(InstantSource clock, Consumer<String> lines) {
    this.clock = clock;
    this.lines = lines;
  }

  /** Counts a request that ends with this problem, if it is one of these. */
  void note(Problem problem, Throwable thrown) {
    if (problem.status() != 503 || problem.code().equals(DRAINING)) {
      return;
    }
    String line = count(problem, thrown);
    if (line != null) {
      lines.accept(line);
    }
  }

  private synchronized @Nullable String count(Problem problem, Throwable thrown) {
    Instant now = clock.instant();
    Untold untold = byCode.get(problem.code());
    // A clock that was set back must not silence this.
    if (untold != null && Duration.between(untold.since(), now).abs().compareTo(INTERVAL) < 0) {
      byCode.put(problem.code(), untold.more());
      return null;
    }
    byCode.put(problem.code(), new Untold(now, 0));
    String requests =
        untold == null || untold.count() == 0
            ? "a request was"
            : (untold.count() + 1) + " requests since " + untold.since() + " were";
    return requests + " refused with 503 " + problem.code() + ": " + reason(problem, thrown);
  }

  private static String reason(Problem problem, Throwable thrown) {
    if (thrown instanceof ProblemException) {
      return problem.detail();
    }
    Throwable cause = thrown.getCause();
    return thrown.getMessage() + (cause == null ? "" : ": " + text(cause));
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
