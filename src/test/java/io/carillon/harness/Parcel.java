package io.carillon.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What goes to a node in one request: one job, or a batch of them.
 *
 * @param tags the mark of each job, in order
 */
record Parcel(List<String> tags, String path, Object body) {
  private static final int NONE = -1;

  static Parcel single(String tag, Map<String, ?> job) {
    return new Parcel(List.of(tag), "/api/v1/jobs", job);
  }

  static Parcel batch(List<String> tags, List<Map<String, ?>> jobs) {
    return new Parcel(List.copyOf(tags), "/api/v1/jobs:batch", Map.of("jobs", jobs));
  }

  private boolean isBatch() {
    return path.endsWith(":batch");
  }

  /** Whether the node says that it has done what it was asked. */
  boolean isAccepted(Answer answer) {
    return answer.status() == (isBatch() ? 200 : 201);
  }

  /** What became of each job of an accepted parcel. */
  List<Submission> submissions(Answer answer, Instant at) {
    if (!isBatch()) {
      return List.of(new Submission.Acknowledged(tags.get(0), answer.text("id"), at));
    }
    List<Submission> all = new ArrayList<>();
    for (int n = 0; n < tags.size(); n++) {
      JsonNode item = answer.body().path("items").path(n);
      int status = item.path("status").asInt(NONE);
      all.add(
          status == 201
              ? new Submission.Acknowledged(tags.get(n), item.path("id").asText(), at)
              : new Submission.Refused(tags.get(n), status, item.toString()));
    }
    return all;
  }
}
