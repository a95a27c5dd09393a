package io.carillon.bench;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Creates jobs over HTTP from several connections at once, spread over the nodes. Thread-safe. */
final class JobMaker {
  private static final long LIMIT_SECONDS = 1_800;

  private final List<Integer> ports;
  private final IntFunction<String> target;

  /**
   * @param target the n-th job's target as JSON
   */
  JobMaker(List<Integer> ports, IntFunction<String> target) {
    this.ports = List.copyOf(ports);
    this.target = target;
  }

  /** What was created, and how long that took. */
  record Created(int jobs, double seconds) {
    double rate() {
      return jobs / seconds;
    }
  }

  /** One-time jobs due at one instant. */
  Created at(Instant due, int jobs, int callers, int batch) {
    return at(n -> due, jobs, callers, batch);
  }

  /** One-time jobs, the n-th of them due at the instant that the function gives. */
  Created at(IntFunction<Instant> due, int jobs, int callers, int batch) {
    return create(n -> "{\"type\":\"at\",\"at\":\"" + due.apply(n) + "\"}", jobs, callers, batch);
  }

  /** Jobs with the schedule (as JSON) that the function gives for the n-th of them, from 0. */
  Created create(IntFunction<String> schedule, int jobs, int callers, int batch) {
    int calls = (jobs + batch - 1) / batch;
    AtomicInteger next = new AtomicInteger();
    List<Callable<Integer>> lanes =
        IntStream.range(0, callers)
            .<Callable<Integer>>mapToObj(
                lane ->
                    () -> {
                      int made = 0;
                      try (HttpLine line = new HttpLine(ports.get(lane % ports.size()))) {
                        for (int call = next.getAndIncrement();
                            call < calls;
                            call = next.getAndIncrement()) {
                          int from = call * batch;
                          made += post(line, schedule, from, Math.min(jobs, from + batch), batch);
                        }
                      }
                      return made;
                    })
            .toList();
    long begin = System.nanoTime();
    int made = Lanes.run("job-maker", lanes, LIMIT_SECONDS).stream().mapToInt(n -> n).sum();
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (made != jobs) {
      throw new BenchFault("Created " + made + " of " + jobs + " jobs");
    }
    return new Created(made, seconds);
  }

  private int post(HttpLine line, IntFunction<String> schedule, int from, int to, int batch) {
    if (batch == 1) {
      HttpLine.Answer answer = line.post("/api/v1/jobs", job(schedule, from));
      require(answer.status() == 201, answer);
      return 1;
    }
    StringBuilder body = new StringBuilder("{\"jobs\":[");
    for (int n = from; n < to; n++) {
      body.append(n == from ? "" : ",").append(job(schedule, n));
    }
    HttpLine.Answer answer = line.post("/api/v1/jobs:batch", body.append("]}").toString());
    require(answer.status() == 200, answer);
    int created = 0;
    for (int at = answer.body().indexOf("\"status\":201");
        at >= 0;
        at = answer.body().indexOf("\"status\":201", at + 1)) {
      created++;
    }
    require(created == to - from, answer);
    return created;
  }

  private String job(IntFunction<String> schedule, int n) {
    return "{\"target\":" + target.apply(n) + ",\"schedule\":" + schedule.apply(n) + "}";
  }

  private static void require(boolean good, HttpLine.Answer answer) {
    if (!good) {
      String body = answer.body();
      throw new BenchFault(
          "Creating jobs: " + answer.status() + " " + body.substring(0, Math.min(500, body.length())));
    }
  }
}
