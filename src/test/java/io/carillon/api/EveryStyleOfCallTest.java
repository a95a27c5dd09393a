package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.execution.ExecutionState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the calls of every style together: ids, states, and how much data. */
class EveryStyleOfCallTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED,scheduled,QUEUED,",
    "RUNNING,running,RUNNING,",
    "RETRYING,scheduled,SCHEDULED,",
    "SUCCEEDED,completed,COMPLETED,SUCCESS",
    "FAILED,failed,ERRORRED,FAILED",
    "CANCELLED,failed,ERRORRED,FAILED"
  })
  void each_state_has_its_word_in_each_call(
      ExecutionState state, String status, String job, String execution) {
    String id = "words-" + state;
    PastRuns.finishedJob(rig, id);
    PastRuns.add(rig, id, 0, state);

    JsonNode shown = rig.get("/status/" + id).json();
    assertThat(shown.get("status").asText()).isEqualTo(status);
    if (state == ExecutionState.RETRYING) {
      assertThat(shown.get("executeAt").asText()).isEqualTo("2026-11-21T12:01:00Z");
    }
    JsonNode read = rig.get("/job?id=" + id).json();
    assertThat(read.get("status").asText()).isEqualTo(job);
    assertThat(read.at("/executions/0/status").asText()).isEqualTo(job);
    JsonNode listed = rig.get("/jobs/" + id + "/executions").json();
    assertThat(listed.path(0).path("status").asText(null)).isEqualTo(execution);
  }

  @ParameterizedTest
  @EnumSource(ExecutionState.class)
  void every_id_works_in_every_call(ExecutionState state) {
    String id =
        rig.post("/schedule", "{\"task\":\"x\",\"delaySeconds\":9}").json().get("jobId").asText();
    PastRuns.add(rig, id, 0, state);
    for (String path :
        new String[] {
          "/status/" + id, "/job?id=" + id, "/jobs/" + id + "/executions", "/api/v1/jobs/" + id
        }) {
      assertThat(rig.get(path).status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void data_that_no_target_would_take_is_413() {
    String large = "\"" + "x".repeat(300 * 1024) + "\"";
    assertThat(rig.post("/jobs", "{\"name\":\"mail\",\"data\":" + large + "}").fault())
        .isEqualTo("413 payload_too_large /data");
    String job = "{\"task_id\":\"log\",\"scheduler\":\"s\",\"parameters\":{\"x\":" + large + "}}";
    assertThat(rig.post("/job", job).fault()).isEqualTo("413 payload_too_large /parameters");
    String http =
        "{\"task_id\":\"http\",\"scheduler\":\"s\",\"parameters\":"
            + "{\"url\":\"https://a.example\",\"body\":"
            + large
            + "}}";
    assertThat(rig.post("/job", http).fault()).isEqualTo("413 payload_too_large /parameters/body");
  }
}
