package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.SampleExecution;
import io.carillon.execution.Skipped;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExecutionCallsTest {
  private static final JobId JOB = JobId.of("watched");
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
    rig.send("PUT", "/api/v1/jobs/watched", "{\"target\":{\"type\":\"noop\"}}");
    for (int i = 0; i < 3; i++) {
      add(ApiRig.NOW.minusSeconds(i), i == 1 ? ExecutionState.FAILED : ExecutionState.SUCCEEDED);
    }
  }

  private static void add(Instant at, ExecutionState state) {
    SampleExecution run =
        SampleExecution.of(JOB, at)
            .late(Duration.ofMillis(12))
            .ended(state, at.plusMillis(42))
            .answered(200)
            .response("<b>no markup</b>", false);
    if (state == ExecutionState.FAILED) {
      run.failed("HTTP_503", 503, "503 from the target");
    }
    Execution added = run.build();
    rig.engine.executions.put(added.id(), added);
  }

  @Test
  void an_execution_tells_what_happened_with_its_attempts() {
    String id = ExecutionId.planned(JOB, 1, ApiRig.NOW.minusSeconds(1)).value();
    JsonNode shown = rig.get("/api/v1/executions/" + id).json();
    assertThat(shown.get("jobId").asText()).isEqualTo("watched");
    assertThat(shown.get("state").asText()).isEqualTo("FAILED");
    assertThat(shown.get("reason").asText()).isEqualTo("HTTP_503");
    assertThat(shown.get("httpStatus").asInt()).isEqualTo(503);
    assertThat(shown.get("latenessMs").asInt()).isEqualTo(12);
    assertThat(shown.get("durationMs").asInt()).isEqualTo(30);
    assertThat(shown.at("/response/body").asText()).isEqualTo("<b>no markup</b>");
    assertThat(shown.at("/attempts/0/n").asInt()).isEqualTo(1);
    assertThat(shown.at("/attempts/0/durationMs").asInt()).isEqualTo(30);
    JsonNode attempts = rig.get("/api/v1/executions/" + id + "/attempts").json();
    assertThat(attempts.get("items")).isEqualTo(shown.get("attempts"));
  }

  @Test
  void lists_are_filtered_and_paged_newest_first() {
    JsonNode all = rig.get("/api/v1/jobs/watched/executions").json();
    assertThat(all.get("items").findValuesAsText("scheduledAt"))
        .containsExactly("2026-11-21T12:00:00Z", "2026-11-21T11:59:59Z", "2026-11-21T11:59:58Z");
    assertThat(rig.get("/api/v1/executions?state=FAILED,RUNNING").json().get("items")).hasSize(1);
    assertThat(
            rig.get("/api/v1/executions?from=2026-11-21T11:59:59Z&to=2026-11-21T11:59:59Z")
                .json()
                .get("items"))
        .hasSize(1);
    JsonNode first = rig.get("/api/v1/executions?limit=2").json();
    String cursor = first.get("nextCursor").asText();
    assertThat(rig.get("/api/v1/executions?limit=2&cursor=" + cursor).json().get("items"))
        .hasSize(1);
  }

  @Test
  void a_skipped_one_tells_which_instants_it_stands_for() {
    Instant first = ApiRig.NOW.minusSeconds(3_600);
    ExecutionId id = ExecutionId.planned(JobId.of("elsewhere"), 1, first);
    rig.engine.executions.put(
        id,
        SampleExecution.of(id, JobId.of("elsewhere"))
            .unbegun()
            .ended(ExecutionState.SKIPPED, ApiRig.NOW)
            .skipped(new Skipped(first, first.plusSeconds(1_800), 31, "PAUSED"))
            .build());

    JsonNode shown = rig.get("/api/v1/executions/" + id.value()).json();

    assertThat(shown.get("from").asText()).isEqualTo("2026-11-21T11:00:00Z");
    assertThat(shown.get("to").asText()).isEqualTo("2026-11-21T11:30:00Z");
    assertThat(shown.get("count").asInt()).isEqualTo(31);
    assertThat(shown.get("attempt").asInt()).isZero();
    assertThat(shown.get("latenessMs").isNull()).isTrue();
    assertThat(shown.get("attempts")).isEmpty();
    String other = ExecutionId.planned(JOB, 1, ApiRig.NOW).value();
    assertThat(rig.get("/api/v1/executions/" + other).json().has("count")).isFalse();
    rig.engine.executions.remove(id);
  }
}
