package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.job.JobScheduler.Met;
import java.util.Collections;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Creates that meet another job under their key, over HTTP. */
class DuplicateCallsTest {
  private static final String NEW = "{\"target\":{\"type\":\"noop\"},\"dedup\":{\"key\":\"k\"}}";
  @AutoClose private final ApiRig rig = ApiRig.start();

  private String existing() {
    String id = rig.post("/api/v1/jobs", NEW).json().get("id").asText();
    rig.engine.keys.holder(id);
    return id;
  }

  @Test
  void a_refusal_names_the_job_that_has_the_key() {
    String id = existing();
    rig.engine.keys.meet(Met.How.REJECTED);

    Answer answer = rig.post("/api/v1/jobs", NEW);

    assertThat(answer.fault()).isEqualTo("409 duplicate_job");
    assertThat(answer.json().get("jobId").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @EnumSource(names = "REJECTED", mode = EnumSource.Mode.EXCLUDE)
  void otherwise_the_job_itself_is_the_answer_and_says_what_became_of_it(Met.How how) {
    String id = existing();
    rig.engine.keys.meet(how);

    Answer answer = rig.post("/api/v1/jobs", NEW);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("id").asText()).isEqualTo(id);
    assertThat(answer.json().get("deduplicated").asText()).isEqualTo(how.name());
    assertThat(answer.header("Location")).isEqualTo("/api/v1/jobs/" + id);
    assertThat(answer.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void an_answer_may_be_sent_back() {
    existing();
    rig.engine.keys.meet(Met.How.RETURNED);
    String shown = rig.post("/api/v1/jobs", NEW).body();
    String id = rig.post("/api/v1/jobs", NEW).json().get("id").asText();

    assertThat(rig.send("PUT", "/api/v1/jobs/" + id, shown).status()).isEqualTo(200);
  }

  @Test
  void each_item_of_a_batch_is_told() {
    String id = existing();
    rig.engine.keys.meet(Met.How.REJECTED);
    String plain = "{\"target\":{\"type\":\"noop\"}}";

    JsonNode items =
        rig.post("/api/v1/jobs:batch", "{\"jobs\":[" + plain + "," + NEW + "]}")
            .json()
            .get("items");

    assertThat(items.at("/0/status").asInt()).isEqualTo(201);
    assertThat(items.at("/1/status").asInt()).isEqualTo(409);
    assertThat(items.at("/1/id").asText()).isEqualTo(id);
    assertThat(items.at("/1/errors/0/pointer").asText()).isEqualTo("/jobs/1/dedup");
    assertThat(items.at("/1/errors/0/code").asText()).isEqualTo("duplicate_job");

    rig.engine.keys.meet(Met.How.POSTPONED);
    JsonNode postponed =
        rig.post("/api/v1/jobs:batch", "{\"jobs\":[" + NEW + "]}").json().at("/items/0");
    assertThat(postponed.toString())
        .isEqualTo("{\"status\":200,\"id\":\"%s\",\"deduplicated\":\"POSTPONED\"}".formatted(id));
  }

  @Test
  void an_atomic_batch_is_refused_with_all_its_duplicates() {
    existing();
    rig.engine.keys.meet(Met.How.REJECTED);
    int before = rig.engine.stored.size();
    String plain = "{\"target\":{\"type\":\"noop\"}}";

    Answer answer =
        rig.post(
            "/api/v1/jobs:batch",
            "{\"atomic\":true,\"jobs\":[" + NEW + "," + plain + "," + NEW + "]}");

    assertThat(answer.fault()).isEqualTo("409 duplicate_job /jobs/0/dedup");
    assertThat(answer.json().at("/errors/1/pointer").asText()).isEqualTo("/jobs/2/dedup");
    assertThat(rig.engine.stored).hasSize(before);
  }

  @Test
  void an_atomic_batch_that_may_change_many_jobs_is_refused() {
    String putOff =
        "{\"target\":{\"type\":\"noop\"},\"debounce\":{\"key\":\"k\",\"wait\":\"PT5S\"}}";
    String hundred = String.join(",", Collections.nCopies(100, putOff));
    String batch = "{\"atomic\":%s,\"jobs\":[" + hundred + "%s]}";

    assertThat(rig.post("/api/v1/jobs:batch", batch.formatted(true, "," + putOff)).fault())
        .isEqualTo("422 batch_changes_too_many");
    assertThat(rig.post("/api/v1/jobs:batch", batch.formatted(true, "")).status()).isEqualTo(200);
    assertThat(rig.post("/api/v1/jobs:batch", batch.formatted(false, "," + putOff)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "dedup": {"key": "k", "ttl": "PT0S"}     | /dedup/ttl        | duration_range
          "dedup": {"key": "k", "ttl": 5}          | /dedup/ttl        | json_type
          "dedup": {"key": "k", "mode": "IGNORE"}  | /dedup/mode       | value_unknown
          "dedup": {"key": "k", "for": "PT1H"}     | /dedup/for        | field_unknown
          "dedup": "k"                             | /dedup            | json_type
          "dedup": {"mode": "RETURN"}              | /dedup/key        | field_required
          "dedupKey": ""                           | /dedupKey         | key_invalid
          "debounce": {"wait": "PT5S"}             | /debounce/key     | field_required
          "debounce": {"key": "k"}                 | /debounce/wait    | field_required
          "debounce": {"key": "k", "wait": "-PT1S"}| /debounce/wait    | duration_range
          "success": {"statuses": []}              | /success/statuses | status_invalid
          "success": {"statuses": ["2x"]}          | /success/statuses/0 | status_invalid
          "retry": {"retryOn": ["BODY"]}           | /retry/retryOn/0  | retry_word
          """)
  void what_is_wrong_is_told(String member, String pointer, String code) {
    Answer answer = rig.post("/api/v1/jobs", "{\"target\":{\"type\":\"noop\"}," + member + "}");
    assertThat(answer.fault()).isEqualTo("422 " + code + " " + pointer);
  }

  @Test
  void a_debounced_job_runs_after_its_wait_and_says_so() {
    JsonNode job =
        rig.post(
                "/api/v1/jobs",
                "{\"target\":{\"type\":\"noop\"},\"debounce\":{\"key\":\"k\",\"wait\":\"PT5S\"}}")
            .json();
    assertThat(job.at("/schedule/type").asText()).isEqualTo("delay");
    assertThat(job.at("/schedule/delay").asText()).isEqualTo("PT5S");
    assertThat(job.get("nextFireTime").asText()).isEqualTo("2026-11-21T12:00:05Z");
    assertThat(job.get("warnings")).isEmpty();
  }

  @Test
  void what_may_surprise_is_told() {
    String body =
        """
        {"target": {"type": "noop"}, "schedule": {"type": "fixedRate", "every": "PT1H"},
         "debounce": {"key": "k", "wait": "PT5S"}, "dedup": {"key": "a"}, "dedupKey": "b",
         "retry": {"retryOn": ["410"], "stopOn": ["410"]}}""";
    assertThat(rig.post("/api/v1/jobs", body).json().get("warnings")).hasSize(3);
  }

  @Test
  void gone_is_not_retried_by_default() {
    JsonNode usual = rig.post("/api/v1/jobs", "{\"target\":{\"type\":\"noop\"}}").json();
    assertThat(usual.at("/retry/stopOn").toString()).isEqualTo("[\"410\"]");
    JsonNode named =
        rig.post(
                "/api/v1/jobs",
                "{\"target\":{\"type\":\"noop\"},\"retry\":{\"retryOn\":[\"4xx\",\"410\"]}}")
            .json();
    assertThat(named.at("/retry/stopOn").toString()).isEqualTo("[]");
  }
}
