package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Arrival;
import io.carillon.harness.Ledger;
import io.carillon.harness.Submission;
import io.carillon.harness.Submitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the one-time jobs of a load ask for besides being called: each third runs in a queue with a
 * cap, which holds it back when many are due at once; each fourth starts a task when it has
 * succeeded. Breakers are on, as shipped. Stateless.
 */
final class Extras {
  private static final String QUEUE = "capped";
  private static final int CAP = 400;
  private static final String TASK = "successor";

  private Extras() {}

  /** Makes the queue and the task. */
  static void prepare(ProxiedCluster cluster) {
    assertThat(cluster.api(0).put("/api/v1/queues/" + QUEUE, Map.of("concurrency", CAP)).status())
        .isEqualTo(201);
    Map<String, ?> target =
        Map.of("url", cluster.successorTarget().url("/ok"), "method", "POST", "body", "{{of}}");
    Map<String, ?> parameters = Map.of("of", Map.of("type", "string", "required", true));
    assertThat(
            cluster
                .api(0)
                .put("/api/v1/tasks/" + TASK, Map.of("target", target, "parameters", parameters))
                .status())
        .isEqualTo(201);
  }

  /** The same jobs, some of them with more. */
  static Submitter.Draft with(Submitter.Draft draft) {
    return (tag, random) -> {
      Map<String, Object> job = new TreeMap<>(draft.job(tag, random));
      if (number(tag) % 3 == 0) {
        job.put("queue", QUEUE);
      }
      if (isFollowed(tag)) {
        Map<String, ?> parameters = Map.of("of", "{{job.id}}");
        job.put("onSuccess", List.of(Map.of("task", TASK, "parameters", parameters)));
      }
      return job;
    };
  }

  /**
   * One line for each accepted job that was not followed by exactly one run, and for each run that
   * follows a job that nobody was promised, or may have been.
   */
  static List<String> faults(Submitter submitter, Ledger successors) {
    Map<String, Set<String>> runs = new HashMap<>();
    for (Arrival each : successors.arrivals()) {
      runs.computeIfAbsent(each.body(), job -> new HashSet<>())
          .add(String.valueOf(each.executionId()));
    }
    List<String> faults = new ArrayList<>();
    Set<String> promised = new HashSet<>();
    for (Submission.Acknowledged each : submitter.acknowledged()) {
      if (isFollowed(each.tag())) {
        promised.add(each.jobId());
        int count = runs.getOrDefault(each.jobId(), Set.of()).size();
        if (count != 1) {
          faults.add("job %s was followed by %d runs".formatted(each.jobId(), count));
        }
      }
    }
    if (submitter.unknown().isEmpty()) {
      runs.keySet().stream()
          .filter(job -> !promised.contains(job))
          .forEach(job -> faults.add("what followed '%s' was not asked for".formatted(job)));
    }
    return faults;
  }

  private static boolean isFollowed(String tag) {
    return number(tag) % 4 == 0;
  }

  private static int number(String tag) {
    return Integer.parseInt(tag.substring(1));
  }
}
