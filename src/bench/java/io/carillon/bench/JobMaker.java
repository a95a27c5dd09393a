package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * Creates jobs over HTTP from several connections at once, spread over the nodes. Thread-safe.
 *
 * @param ports of the nodes
 * @param target the n-th job's target as JSON
 * @param patient whether a batch that could not be stored, or whose outcome is unknown, is sent
 *     again under its idempotency key: on an overloaded machine a database connection may break
 */
record JobMaker(List<Integer> ports, IntFunction<String> target, boolean patient) {
  private static final int TRIES = 10;
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  JobMaker {
    ports = List.copyOf(ports);
  }

  /** One-time jobs, the n-th of them due at the instant that the function gives. */
  Slices.Created at(IntFunction<Instant> due, int jobs, int callers, int size) {
    return create(
        n -> "{\"type\":\"at\",\"allowPast\":true,\"at\":\"" + due.apply(n) + "\"}",
        jobs,
        callers,
        size);
  }

  /**
   * Jobs with the schedule (as JSON) that the function gives for the n-th of them, from 0.
   *
   * @param size jobs in a call; 1 takes the call that creates one job
   */
  Slices.Created create(IntFunction<String> schedule, int jobs, int callers, int size) {
    return Slices.create(
        "job-maker", jobs, size, callers, lane -> new Connection(lane, schedule, size == 1));
  }

  private final class Connection implements Slices.Caller {
    private final HttpLine line;
    private final IntFunction<String> schedule;
    private final boolean singly;

    Connection(int lane, IntFunction<String> schedule, boolean singly) {
      this.line = new HttpLine(ports.get(lane % ports.size()));
      this.schedule = schedule;
      this.singly = singly;
    }

    @Override
    public void create(int from, int to) {
      if (singly) {
        HttpLine.Answer answer = line.post("/api/v1/jobs", job(from));
        require(answer.status() == 201, answer);
        return;
      }
      StringBuilder body = new StringBuilder("{\"jobs\":[");
      for (int n = from; n < to; n++) {
        body.append(n == from ? "" : ",").append(job(n));
      }
      HttpLine.Answer answer = batch(body.append("]}").toString());
      require(answer.status() == 200 && created(answer.body()) == to - from, answer);
    }

    private HttpLine.Answer batch(String body) {
      String path = "/api/v1/jobs:batch";
      if (!patient) {
        return line.post(path, body);
      }
      String key = UUID.randomUUID().toString();
      HttpLine.Answer answer = line.post(path, key, body);
      for (int again = 1; again < TRIES && answer.status() != 200; again++) {
        Pause.of(BETWEEN);
        answer = line.post(path, key, body);
      }
      return answer;
    }

    private String job(int n) {
      return "{\"target\":" + target.apply(n) + ",\"schedule\":" + schedule.apply(n) + "}";
    }

    @Override
    public void close() {
      line.close();
    }
  }

  private static int created(String body) {
    String mark = "\"status\":201";
    int created = 0;
    for (int at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
      created++;
    }
    return created;
  }

  private static void require(boolean good, HttpLine.Answer answer) {
    if (!good) {
      String body = answer.body();
      throw new BenchFault(
          "Creating jobs: "
              + answer.status()
              + " "
              + body.substring(0, Math.min(500, body.length())));
    }
  }
}
