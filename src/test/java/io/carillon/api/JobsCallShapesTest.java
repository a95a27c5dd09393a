package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.ExecutionState;
import io.carillon.job.Job;
import io.carillon.job.Priority;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import io.carillon.job.Target;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code POST /jobs} tells an endpoint, a queue's job and a job of our own apart; what ran is
 * listed.
 */
class JobsCallShapesTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

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
    Job job = rig.job(answer.get("job_id").asText());
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
    Job job = rig.job(id);
    assertThat(job.name()).isEqualTo("resize");
    assertThat(job.queue()).isEqualTo("images");
    assertThat(job.priority()).isEqualTo(Priority.HIGH);
    assertThat(job.target())
        .isEqualTo(new Target.Log("{\"name\":\"resize\",\"data\":{\"image\":7}}"));
    assertThat(job.policies().retry()).isEqualTo(RetryPolicy.fixed(4, Duration.ofMillis(300)));
    assertThat(rig.nextOf(made)).isEqualTo("2026-11-21T12:00:02.500Z");
  }

  @Test
  void the_queue_style_retries_three_times_by_itself_and_runs_built_in_tasks() {
    Answer made =
        rig.post("/jobs", "{\"name\":\"http\",\"data\":{\"url\":\"https://shop.example/x\"}}");
    Job job = rig.job(made.json().get("id").asText());
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
    PastRuns.finishedJob(rig, "many");
    for (int i = 0; i < 7; i++) {
      PastRuns.add(rig, "many", i, ExecutionState.FAILED);
    }
    PastRuns.add(rig, "many", 8, ExecutionState.RUNNING);
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
}
