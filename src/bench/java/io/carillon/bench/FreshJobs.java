package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * One-time jobs to be run at once, created ten times a second while something else goes on.
 *
 * @param created how many
 * @param slowestMillis the longest a creation took
 */
record FreshJobs(int created, long slowestMillis) {
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final String JOB =
      "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"delay\",\"delay\":\"PT0S\"}}";

  /** Creates them over one connection until that is false, or the limit is reached. */
  static FreshJobs createWhile(int port, BooleanSupplier goesOn, Duration limit) {
    int created = 0;
    long slowest = 0;
    Instant next = Pause.now();
    Instant end = next.plus(limit);
    try (HttpLine line = new HttpLine(port)) {
      while (next.isBefore(end) && (created % 5 != 0 || goesOn.getAsBoolean())) {
        Instant begin = Pause.now();
        HttpLine.Answer answer = line.post("/api/v1/jobs", JOB);
        if (answer.status() != 201) {
          throw new BenchFault("A fresh job: " + answer);
        }
        created++;
        slowest = Math.max(slowest, Duration.between(begin, Pause.now()).toMillis());
        next = next.plus(EVERY);
        Pause.until(next);
      }
    }
    return new FreshJobs(created, slowest);
  }
}
