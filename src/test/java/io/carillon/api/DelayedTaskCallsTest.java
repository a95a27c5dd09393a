package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.job.Job;
import io.carillon.job.Priority;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code POST /schedule} and {@code GET /status/{jobId}}: a task after a delay, and how it stands.
 */
class DelayedTaskCallsTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @Test
  void a_scheduled_task_is_answered_with_its_id_and_shown_by_status() {
    Answer made = rig.post("/schedule", "{\"task\":\"send report\",\"delaySeconds\":5}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("message").asText()).isEqualTo("Task scheduled");
    String id = made.json().get("jobId").asText();
    assertThat(made.json()).hasSize(2);
    assertThat(rig.get("/status/" + id).body())
        .isEqualTo(
            "{\"id\":\""
                + id
                + "\",\"task\":\"send report\",\"delaySeconds\":5,\"status\":\"scheduled\","
                + "\"scheduledAt\":\"2026-11-21T12:00:00Z\",\"executeAt\":\"2026-11-21T12:00:05Z\","
                + "\"completedAt\":null,\"error\":null}");
    assertThat(rig.job(id).target()).isEqualTo(new Target.Log("send report"));
    assertThat(rig.job(id).policies().retry().maxAttempts()).isEqualTo(1);
  }

  @Test
  void a_delay_of_zero_is_there() {
    Answer made = rig.post("/schedule", "{\"task\":\"now\",\"delaySeconds\":0}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(rig.job(made.json().get("jobId").asText()).schedule())
        .isInstanceOfSatisfying(
            Schedule.Delay.class, s -> assertThat(s.delay()).isEqualTo(Duration.ZERO));
  }

  @Test
  void a_url_or_a_target_is_called_and_a_recurring_one_again_and_again() {
    String json =
        """
        {"task": "https://shop.example/a", "delaySeconds": 1.5, "priority": 8, "recurring": true,
         "callbackUrl": "https://shop.example/done", "else": 1}
        """;
    Job url = rig.job(rig.post("/schedule", json).json().get("jobId").asText());
    assertThat(url.target())
        .isInstanceOfSatisfying(
            Target.Http.class, t -> assertThat(t.url()).isEqualTo("https://shop.example/a"));
    assertThat(url.schedule())
        .isInstanceOfSatisfying(
            Schedule.FixedDelay.class,
            s -> assertThat(s.every()).isEqualTo(Duration.ofMillis(1500)));
    assertThat(url.priority()).isEqualTo(Priority.HIGH);
    assertThat(url.options()).containsKey("callback");
    String object = "{\"task\":{\"type\":\"noop\"},\"delaySeconds\":1}";
    assertThat(rig.job(rig.post("/schedule", object).json().get("jobId").asText()).target())
        .isEqualTo(new Target.Noop());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 validation_failed /task",
        "{\"delaySeconds\":1} | 400 field_required /task",
        "{\"task\":\"a\"} | 400 field_required /delaySeconds",
        "{\"task\":\"a\",\"delaySeconds\":null} | 400 field_required /delaySeconds",
        "{\"task\":\"a\",\"delaySeconds\":-1} | 422 delay_range /delaySeconds",
        "{\"task\":\"a\",\"delaySeconds\":\"5\"} | 422 json_type /delaySeconds",
        "{\"task\":\"a\",\"delaySeconds\":1e300} | 422 delay_range /delaySeconds",
        "{\"task\":\"\",\"delaySeconds\":1} | 422 task_empty /task",
        "{\"task\":7,\"delaySeconds\":1} | 422 json_type /task",
        "{\"task\":\"http://169.254.169.254/x\",\"delaySeconds\":1} | 422 url_address_denied /task",
        "{\"task\":{\"url\":\"ftp://a\"},\"delaySeconds\":1} | 422 url_scheme /task/url",
        "{\"task\":\"a\",\"delaySeconds\":1,\"priority\":10} | 422 number_range /priority",
        "{\"task\":\"a\",\"delaySeconds\":0,\"recurring\":true} | 422 interval_range /delaySeconds",
        "{\"task\":\"a\",\"delaySeconds\":1,\"recurring\":\"yes\"} | 422 json_type /recurring",
        "{\"task\":\"a\",\"delaySeconds\":1,\"callbackUrl\":\"ftp://x\"} | 422 url_scheme /callbackUrl",
      })
  void a_faulty_schedule_call_names_its_own_field(String body, String fault) {
    assertThat(rig.post("/schedule", body).fault()).isEqualTo(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "not%20an%20id", "%00", "..%2fx", "a;x", "%F0%9F%98%80"})
  void status_of_what_is_no_job_is_404(String id) {
    assertThat(rig.get("/status/" + id).fault()).isEqualTo("404 not_found");
  }

  @Test
  void a_paused_job_shows_as_scheduled_and_a_deleted_one_as_failed() {
    rig.send(
        "PUT",
        "/api/v1/jobs/held",
        "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"delay\",\"delay\":\"PT1H\"}}");
    rig.post("/api/v1/jobs/held/pause", null);
    assertThat(rig.get("/status/held").json().get("status").asText()).isEqualTo("scheduled");
    rig.send("DELETE", "/api/v1/jobs/held", null);
    JsonNode deleted = rig.get("/status/held").json();
    assertThat(deleted.get("status").asText()).isEqualTo("failed");
    assertThat(deleted.get("error").asText()).isEqualTo("cancelled");
    assertThat(rig.get("/Job?id=held").json().get("status").asText()).isEqualTo("ERRORRED");
  }

  @Test
  void a_paused_job_executes_at_its_next_instant_not_at_its_first() {
    try (ApiRig own = ApiRig.start()) {
      own.send(
          "PUT",
          "/api/v1/jobs/hourly",
          "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"cron\":\"0 0 * * * ?\"}}");
      own.post("/api/v1/jobs/hourly/pause", null);
      own.time.set(ApiRig.NOW.plus(Duration.ofMinutes(150)));
      assertThat(own.get("/status/hourly").json().get("executeAt").asText())
          .isEqualTo("2026-11-21T15:00:00Z");
    }
  }

  @Test
  void status_shows_what_a_changed_job_does_now() {
    Answer made = rig.post("/schedule", "{\"task\":\"old\",\"delaySeconds\":100}");
    String id = made.json().get("jobId").asText();
    String job = "/api/v1/jobs/" + id;
    rig.send("PATCH", job, "{\"labels\":{\"a\":\"b\"}}");
    assertThat(rig.get("/status/" + id).json().get("task").asText()).isEqualTo("old");
    rig.send(
        "PATCH", job, "{\"schedule\":{\"delay\":\"PT200S\"},\"target\":{\"message\":\"new\"}}");
    assertThat(rig.get("/status/" + id).body()).contains("\"task\":\"new\",\"delaySeconds\":200,");
    rig.send("PATCH", job, "{\"schedule\":{\"type\":\"fixedDelay\",\"every\":\"PT1.5S\"}}");
    assertThat(rig.get("/status/" + id).body()).contains("\"delaySeconds\":1.5,");
  }
}
