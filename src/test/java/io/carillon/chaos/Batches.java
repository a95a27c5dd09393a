package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import io.carillon.harness.JsonApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many jobs at once, and what the target saw of them. Stateless. */
final class Batches {
  private static final int LARGEST = 500;

  private Batches() {}

  /** A one-time job. */
  static Map<String, Object> job(String url, Map<String, ?> more) {
    return marked(url, "", more);
  }

  /** A one-time job whose calls are marked. */
  static Map<String, Object> marked(String url, String mark, Map<String, ?> more) {
    Map<String, Object> job = new HashMap<>(more);
    job.put(
        "target",
        Map.of("type", "http", "url", url, "timeout", "PT20S", "headers", Map.of("X-Mark", mark)));
    job.putIfAbsent("schedule", Map.of("type", "now"));
    return job;
  }

  /** So many of a kind, created through the nodes in turn. */
  static void create(List<JsonApi> apis, int count, Map<String, ?> job) {
    int turn = 0;
    for (int left = count; left > 0; left -= LARGEST) {
      List<Map<String, ?>> jobs = new ArrayList<>();
      for (int n = 0; n < Math.min(left, LARGEST); n++) {
        jobs.add(job);
      }
      JsonApi api = apis.get(turn++ % apis.size());
      assertThat(api.post("/api/v1/jobs:batch", Map.of("jobs", jobs)).status()).isEqualTo(200);
    }
  }

  /** The most calls that were being answered at once, where each takes so many milliseconds. */
  static int mostAtOnce(List<Arrival> arrivals, long millis) {
    Map<Long, Integer> changes = new TreeMap<>();
    for (Arrival each : arrivals) {
      changes.merge(each.at().toEpochMilli(), 1, Integer::sum);
      changes.merge(each.at().toEpochMilli() + millis, -1, Integer::sum);
    }
    int now = 0;
    int most = 0;
    for (int change : changes.values()) {
      now += change;
      most = Math.max(most, now);
    }
    return most;
  }

  /** The arrivals that bear a mark. */
  static List<Arrival> of(List<Arrival> arrivals, String mark) {
    return arrivals.stream().filter(each -> mark.equals(each.headers().get("x-mark"))).toList();
  }

  /** How many came from one instant until before another. */
  static long between(List<Arrival> arrivals, Instant from, Instant to) {
    return arrivals.stream()
        .filter(each -> !each.at().isBefore(from) && each.at().isBefore(to))
        .count();
  }
}
