package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterCallsTest {
  private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static Job job(String id) {
    return rig.engine.stored.get(JobId.of(id)).job();
  }

  // POST /schedule, GET /status/{jobId}

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
    assertThat(job(id).target()).isEqualTo(new Target.Log("send report"));
    assertThat(job(id).policies().retry().maxAttempts()).isEqualTo(1);
  }

  @Test
  void a_delay_of_zero_is_there() {
    Answer made = rig.post("/schedule", "{\"task\":\"now\",\"delaySeconds\":0}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(job(made.json().get("jobId").asText()).schedule())
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
    Job url = job(rig.post("/schedule", json).json().get("jobId").asText());
    assertThat(url.target())
        .isInstanceOfSatisfying(
            Target.Http.class, t -> assertThat(t.url()).isEqualTo("https://shop.example/a"));
    assertThat(url.schedule())
        .isInstanceOfSatisfying(
            Schedule.FixedDelay.class,
            s -> assertThat(s.every()).isEqualTo(Duration.ofMillis(1500)));
    assertThat(url.priority()).isEqualTo(Priority.HIGH);
    assertThat(url.later()).containsKey("callback");
    String object = "{\"task\":{\"type\":\"noop\"},\"delaySeconds\":1}";
    assertThat(job(rig.post("/schedule", object).json().get("jobId").asText()).target())
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
    finishedJob(id);
    add(id, 0, state);

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

  // POST /job, GET /Job

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

  @Test
  void a_fault_is_told_in_the_words_of_the_call() {
    String request = "{\"url\":\"https://a.example\",\"scheduledTime\":5}";
    assertThat(rig.post("/requests", request).json().get("detail").asText())
        .isEqualTo("'scheduledTime' must be a string, not a number");
  }

  @Test
  void a_job_with_a_cron_text_keeps_its_window_and_scheduler() {
    Answer made =
        rig.post(
            "/job",
            """
            {"task_id": "http", "scheduler": "ann", "schedule": "0 0 10 ? * MON-FRI",
             "execution_start_time": "2026-12-01T00:00:00Z", "execution_end_time": "2027-01-01T00:00:00+01:00",
             "parameters": {"url": "https://shop.example/x", "method": "PUT", "body": {"a": 1}, "other": 2}}
            """);
    assertThat(made.status()).isEqualTo(200);
    String id = made.json().get("job_id").asText();
    assertThat(made.header("Job-Id")).isEqualTo(id);
    assertThat(job(id).schedule().limits().startAt()).isEqualTo("2026-12-01T00:00:00Z");
    assertThat(job(id).schedule().limits().endAt()).isEqualTo("2026-12-31T23:00:00Z");
    assertThat(job(id).policies().retry().maxAttempts()).isEqualTo(5);
    JsonNode read = rig.get("/Job?id=" + id).json();
    assertThat(read.get("status").asText()).isEqualTo("SCHEDULED");
    assertThat(read.get("id")).isEqualTo(read.get("job_id"));
    assertThat(rig.get("/api/v1/jobs?scheduler=ann").json().get("items")).hasSize(1);
  }

  @Test
  void a_job_without_a_cron_text_runs_once_at_its_start_or_now() {
    String now = "{\"task_id\":\"noop\",\"scheduler\":\"ann\"}";
    String later =
        "{\"task_id\":\"log\",\"scheduler\":\"ann\",\"execution_start_time\":\"2026-11-21T13:00:00Z\",\"parameters\":{\"a\":1}}";
    String within =
        "{\"task_id\":\"noop\",\"scheduler\":\"ann\",\"execution_start_time\":\"2026-11-21T11:00:00Z\",\"execution_end_time\":\"2026-11-21T13:00:00Z\"}";
    assertThat(nextOf(rig.post("/job", now))).isEqualTo(ApiRig.NOW);
    assertThat(nextOf(rig.post("/job", later))).isEqualTo("2026-11-21T13:00:00Z");
    assertThat(nextOf(rig.post("/job", within))).isEqualTo(ApiRig.NOW);
  }

  private static Instant nextOf(Answer made) {
    StoredJob stored = rig.engine.stored.get(JobId.of(made.json().get("job_id").asText()));
    return stored.nextFireTime();
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
    finishedJob("windowed");
    for (int i = 0; i < 4; i++) {
      add("windowed", i, ExecutionState.SUCCEEDED);
    }
    add("windowed", 9, ExecutionState.SKIPPED);
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

  // POST /jobs

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 12 * * ?",
        "0 0 8 * * ?",
        "0 0 12 1 * ?",
        "0 0 9-17 * * ?",
        "0 0/30 * * * ?",
        "0 0 10 ? * MON-FRI"
      })
  void an_endpoint_is_called_by_each_expression_of_the_guide(String cron) {
    Answer made =
        rig.post(
            "/jobs",
            "{\"schedule\":\""
                + cron
                + "\",\"api_endpoint\":\"https://shop.example/x\",\"type\":\"ATLEAST_ONCE\"}");
    assertThat(made.status()).isEqualTo(201);
    JsonNode answer = made.json();
    assertThat(answer.get("schedule").asText()).isEqualTo(cron);
    assertThat(answer.get("api_endpoint").asText()).isEqualTo("https://shop.example/x");
    assertThat(answer.get("type").asText()).isEqualTo("ATLEAST_ONCE");
    assertThat(answer.get("created_at").asText()).isEqualTo("2026-11-21T12:00:00Z");
    Job job = job(answer.get("job_id").asText());
    assertThat(job.policies().retry()).isEqualTo(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
    assertThat(job.target())
        .isInstanceOfSatisfying(
            Target.Http.class,
            target -> assertThat(target.body()).isEqualTo(new Target.Body(true, "{}")));
  }

  @Test
  void the_queue_style_knows_priority_delay_attempts_and_backoff() {
    Answer made =
        rig.post(
            "/jobs",
            """
            {"name": "resize", "data": {"image": 7}, "queue": "images",
             "opts": {"priority": 1, "delay": 2500, "attempts": 4, "backoff": {"type": "fixed", "delay": 300}}}
            """);
    assertThat(made.status()).isEqualTo(202);
    String id = made.json().get("id").asText();
    assertThat(made.json().get("job_id").asText()).isEqualTo(id);
    assertThat(made.json().get("status").asText()).isEqualTo("waiting");
    Job job = job(id);
    assertThat(job.name()).isEqualTo("resize");
    assertThat(job.queue()).isEqualTo("images");
    assertThat(job.priority()).isEqualTo(Priority.HIGH);
    assertThat(job.target())
        .isEqualTo(new Target.Log("{\"name\":\"resize\",\"data\":{\"image\":7}}"));
    assertThat(job.policies().retry()).isEqualTo(RetryPolicy.fixed(4, Duration.ofMillis(300)));
    assertThat(nextOf(made)).isEqualTo("2026-11-21T12:00:02.500Z");
  }

  @Test
  void the_queue_style_retries_three_times_by_itself_and_runs_built_in_tasks() {
    Answer made =
        rig.post("/jobs", "{\"name\":\"http\",\"data\":{\"url\":\"https://shop.example/x\"}}");
    Job job = job(made.json().get("id").asText());
    assertThat(job.policies().retry().maxAttempts()).isEqualTo(3);
    assertThat(job.policies().retry().backoff()).isEqualTo(Backoff.EXPONENTIAL);
    assertThat(job.policies().retry().initial()).isEqualTo(Duration.ofSeconds(1));
    assertThat(job.target()).isInstanceOf(Target.Http.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 shape_ambiguous",
        "{\"name\":\"a\"} | 422 shape_ambiguous",
        "{\"data\":{},\"target\":{}} | 422 shape_ambiguous",
        "{\"api_endpoint\":\"https://a.example\"} | 400 field_required /schedule",
        "{\"api_endpoint\":\"https://a.example\",\"schedule\":\"60 * * * * ?\"} | 422 cron_second /schedule",
        "{\"api_endpoint\":\"ftp://a\",\"schedule\":\"0 0 8 * * ?\"} | 422 url_scheme /api_endpoint",
        "{\"api_endpoint\":\"https://a.example\",\"schedule\":\"0 0 8 * * ?\",\"type\":\"ONCE\"} | 422 type_unknown /type",
        "{\"data\":{}} | 400 field_required /name",
        "{\"name\":\"a\",\"data\":{},\"opts\":{\"delay\":-1}} | 422 number_range /opts/delay",
        "{\"name\":\"a\",\"data\":{},\"opts\":{\"attempts\":\"3\"}} | 422 json_type /opts/attempts",
        "{\"name\":\"a\",\"data\":{},\"opts\":{\"priority\":-1}} | 422 number_range /opts/priority",
        "{\"name\":\"a\",\"data\":{},\"opts\":{\"backoff\":{\"type\":\"none\"}}} | 422 backoff_unknown /opts/backoff/type",
        "{\"name\":\"a \",\"data\":{}} | 422 name_trailing_blank /name",
        "{\"target\":{\"type\":\"noop\"},\"shedule\":{}} | 422 field_unknown /shedule",
      })
  void a_faulty_jobs_call_names_its_own_field(String body, String fault) {
    assertThat(rig.post("/jobs", body).fault()).isEqualTo(fault);
  }

  @Test
  void a_target_makes_it_the_canonical_call() {
    Answer made = rig.post("/jobs", "{\"target\":{\"type\":\"noop\"}}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("state").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void at_most_five_finished_executions_are_listed_unless_more_are_wanted() {
    finishedJob("many");
    for (int i = 0; i < 7; i++) {
      add("many", i, ExecutionState.FAILED);
    }
    add("many", 8, ExecutionState.RUNNING);
    JsonNode five = rig.get("/jobs/many/executions").json();
    assertThat(five).hasSize(5);
    assertThat(five.get(0).get("timestamp").asText()).isEqualTo("2026-11-21T12:00:00.010Z");
    assertThat(five.get(0).get("http_status").asInt()).isEqualTo(503);
    assertThat(five.get(0).get("duration_ms").asInt()).isEqualTo(20);
    assertThat(rig.get("/jobs/many/executions?limit=6").json()).hasSize(6);
    assertThat(rig.get("/jobs/many/executions?limit=0").fault())
        .isEqualTo("400 parameter_invalid ?limit");
    assertThat(rig.get("/jobs/none/executions").fault()).isEqualTo("404 not_found");
  }

  // POST /requests

  @Test
  void a_request_on_sunday_at_one_in_london_is_told_in_both_clocks() {
    Answer made =
        rig.post(
            "/requests",
            """
            {"url": "https://myservice.example/api/items/_delete", "method": "POST", "headers": {"X-A": "b"},
             "body": {"age": 30}, "scheduledTime": "2027-06-06T01:00:00", "timeZone": "Europe/London"}
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("scheduledTimeUtc").asText()).isEqualTo("2027-06-06T00:00:00Z");
    assertThat(made.json().get("scheduledTimeLocal").asText())
        .isEqualTo("2027-06-06T01:00:00+01:00");
    assertThat(made.json().get("timeZone").asText()).isEqualTo("Europe/London");
    assertThat(rig.get("/status/" + made.json().get("id").asText()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 400 field_required /url",
        "{\"url\":\"https://a.example\"} | 400 field_required /scheduledTime",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2027-06-06T01:00:00\"} | 422 at_zone_required /scheduledTime",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2027-06-06T01:00:00\",\"timeZone\":\"Europe/Amsterdan\"} | 422 zone_unknown /timeZone",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2020-06-06T01:00:00Z\"} | 422 at_in_past /scheduledTime",
        "{\"url\":\"https://a.example\",\"method\":\"post\",\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 422 method_not_allowed /method",
        "{\"url\":\"https://a.example\",\"headers\":{\"Host\":\"x\"},\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 422 header_reserved /headers/Host",
      })
  void a_faulty_request_names_its_own_field(String body, String fault) {
    assertThat(rig.post("/requests", body).fault()).isEqualTo(fault);
  }

  @ParameterizedTest
  @EnumSource(ExecutionState.class)
  void every_id_works_in_every_call(ExecutionState state) {
    String id =
        rig.post("/schedule", "{\"task\":\"x\",\"delaySeconds\":9}").json().get("jobId").asText();
    add(id, 0, state);
    for (String path :
        new String[] {
          "/status/" + id, "/job?id=" + id, "/jobs/" + id + "/executions", "/api/v1/jobs/" + id
        }) {
      assertThat(rig.get(path).status()).as(path).isEqualTo(200);
    }
  }

  /** A job with nothing planned. */
  private static void finishedJob(String id) {
    rig.send("PUT", "/api/v1/jobs/" + id, "{\"target\":{\"type\":\"noop\"}}");
    JobId jobId = JobId.of(id);
    rig.engine.stored.put(jobId, rig.engine.stored.get(jobId).withNextFireTime(null));
  }

  /** An execution so many seconds before now. */
  private static void add(String job, int secondsAgo, ExecutionState state) {
    Instant at = ApiRig.NOW.minusSeconds(secondsAgo);
    JobId jobId = JobId.of(job);
    ExecutionId id = ExecutionId.planned(jobId, 1, at);
    Instant started = at.plusMillis(10);
    boolean over = state.isFinal();
    rig.engine.executions.put(
        id,
        new Execution(
            id,
            jobId,
            "default",
            at,
            state,
            over && state != ExecutionState.SUCCEEDED ? "HTTP_503" : null,
            1,
            "node-1",
            started,
            started,
            over ? started.plusMillis(20) : null,
            state == ExecutionState.RETRYING ? at.plusSeconds(60) : null,
            over ? 503 : null,
            over ? "503" : null,
            null));
  }
}
