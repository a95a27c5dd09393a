package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.ExecutionState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code POST /job} and {@code GET /job}: a scheduler's job within a window, and its executions.
 */
class WindowedJobCallsTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @Test
  void the_scheduler_of_a_job_is_shown_and_outlives_a_put() {
    String body = "{\"task_id\":\"noop\",\"scheduler\":\"night\",\"schedule\":\"0 0 8 * * ?\"}";
    String id = rig.post("/job", body).json().get("job_id").asText();
    String path = "/api/v1/jobs/" + id;
    assertThat(rig.get("/job?id=" + id).json().get("scheduler").asText()).isEqualTo("night");
    Answer read = rig.get(path);
    assertThat(read.json().get("scheduler").asText()).isEqualTo("night");
    Answer put = rig.send("PUT", path, read.body());
    assertThat(put.status()).isEqualTo(200);
    assertThat(put.json().get("scheduler").asText()).isEqualTo("night");
    assertThat(rig.get("/api/v1/jobs?scheduler=night").json().get("items")).hasSize(1);
  }

  @Test
  void a_job_with_a_cron_text_keeps_its_window_and_scheduler() {
    Answer made =
        rig.post(
            "/job",
            """
            {"task_id": "http", "scheduler": "office", "schedule": "0 0 10 ? * MON-FRI",
             "execution_start_time": "2026-12-01T00:00:00Z", "execution_end_time": "2027-01-01T00:00:00+01:00",
             "parameters": {"url": "https://shop.example/x", "method": "PUT", "body": {"a": 1}, "other": 2}}
            """);
    assertThat(made.status()).isEqualTo(200);
    String id = made.json().get("job_id").asText();
    assertThat(made.header("Job-Id")).isEqualTo(id);
    assertThat(rig.job(id).schedule().limits().startAt()).isEqualTo("2026-12-01T00:00:00Z");
    assertThat(rig.job(id).schedule().limits().endAt()).isEqualTo("2026-12-31T23:00:00Z");
    assertThat(rig.job(id).policies().retry().maxAttempts()).isEqualTo(5);
    JsonNode read = rig.get("/Job?id=" + id).json();
    assertThat(read.get("status").asText()).isEqualTo("SCHEDULED");
    assertThat(read.get("id")).isEqualTo(read.get("job_id"));
    assertThat(rig.get("/api/v1/jobs?scheduler=office").json().get("items")).hasSize(1);
  }

  @Test
  void a_job_without_a_cron_text_runs_once_at_its_start_or_now() {
    String now = "{\"task_id\":\"noop\",\"scheduler\":\"ann\"}";
    String later =
        "{\"task_id\":\"log\",\"scheduler\":\"ann\",\"execution_start_time\":\"2026-11-21T13:00:00Z\",\"parameters\":{\"a\":1}}";
    String within =
        "{\"task_id\":\"noop\",\"scheduler\":\"ann\",\"execution_start_time\":\"2026-11-21T11:00:00Z\",\"execution_end_time\":\"2026-11-21T13:00:00Z\"}";
    assertThat(rig.nextOf(rig.post("/job", now))).isEqualTo(ApiRig.NOW);
    assertThat(rig.nextOf(rig.post("/job", later))).isEqualTo("2026-11-21T13:00:00Z");
    assertThat(rig.nextOf(rig.post("/job", within))).isEqualTo(ApiRig.NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scheduler\":\"a\"} | 400 field_required /task_id",
        "{\"task_id\":\"noop\"} | 400 field_required /scheduler",
        "{\"task_id\":\"http\",\"scheduler\":\"a\"} | 400 field_required /parameters/url",
        "{\"task_id\":\"send_mail\",\"scheduler\":\"a\"} | 422 task_unknown /task_id",
        "{\"task_id\":\"noop\",\"scheduler\":\"a\",\"schedule\":\"0 0 12 30 2 ?\"} | 422 cron_never_fires /schedule",
        "{\"task_id\":\"noop\",\"scheduler\":\"a\",\"execution_start_time\":\"2026-11-22T10:00:00\"} | 422 at_zone_required /execution_start_time",
        "{\"task_id\":\"noop\",\"scheduler\":\"a\",\"execution_start_time\":\"2026-02-30T10:00:00Z\"} | 422 at_invalid /execution_start_time",
        "{\"task_id\":\"noop\",\"scheduler\":\"a\",\"execution_start_time\":7} | 422 json_type /execution_start_time",
        "{\"task_id\":\"noop\",\"scheduler\":\"a\",\"parameters\":[]} | 422 json_type /parameters",
        "{\"task_id\":\"http\",\"scheduler\":\"a\",\"parameters\":{\"url\":\"ftp://x\"}} | 422 url_scheme /parameters/url",
      })
  void a_faulty_job_call_names_its_own_field(String body, String fault) {
    assertThat(rig.post("/job", body).fault()).isEqualTo(fault);
  }

  @Test
  void a_window_filters_executions_with_both_ends_in_it() {
    PastRuns.finishedJob(rig, "windowed");
    for (int i = 0; i < 4; i++) {
      PastRuns.add(rig, "windowed", i, ExecutionState.SUCCEEDED);
    }
    PastRuns.add(rig, "windowed", 9, ExecutionState.SKIPPED);
    assertThat(rig.get("/Job?id=windowed").json().get("executions")).hasSize(4);
    String window =
        "/job?id=windowed&execution_start_time=2026-11-21T11:59:58Z"
            + "&execution_end_time=2026-11-21T12:59:59%2B01:00&else=1";
    assertThat(rig.get(window).json().get("executions").findValuesAsText("scheduled_time"))
        .containsExactly("2026-11-21T11:59:59Z", "2026-11-21T11:59:58Z");
    assertThat(rig.get("/Job").fault()).isEqualTo("400 field_required ?id");
    assertThat(rig.get("/job?id=none").fault()).isEqualTo("404 not_found");
    assertThat(rig.get("/job?id=windowed&execution_start_time=x").fault())
        .isEqualTo("400 at_invalid ?execution_start_time");
  }
}
