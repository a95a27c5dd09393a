package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueCallsTest {
  private static final String MAIL = "/api/v1/queues/mail";
  @AutoClose private ApiRig rig;

  @BeforeEach
  void start() {
    rig = ApiRig.start();
  }

  private Answer put(String body, String... headers) {
    return rig.send("PUT", MAIL, body, headers);
  }

  @Test
  void a_queue_is_set_and_read() {
    Answer made =
        put(
            "{\"concurrency\": 20, \"rate\": {\"permits\": 90, \"per\": \"PT1M\"}, \"paused\": true}");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    JsonNode queue = rig.get(MAIL).json();
    assertThat(queue.get("concurrency").asInt()).isEqualTo(20);
    assertThat(queue.get("rate").toString())
        .isEqualTo("{\"permits\":90,\"per\":\"PT1M\",\"burst\":1}");
    assertThat(queue.get("paused").asBoolean()).isTrue();
    assertThat(queue.get("counts").toString())
        .isEqualTo("{\"planned\":3,\"paused\":2,\"running\":1,\"held\":0}");
    assertThat(queue.get("warnings").size()).isZero();
    assertThat(rig.get("/api/v1/queues").json().at("/items/0/name").asText()).isEqualTo("mail");
  }

  @Test
  void what_a_put_leaves_out_is_without_limit_but_the_pause_stays() {
    put("{\"concurrency\": 20, \"paused\": true}");

    Answer again = put("{}");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("concurrency").isNull()).isTrue();
    assertThat(again.json().get("paused").asBoolean()).isTrue();
    assertThat(again.json().get("warnings").size()).isZero();
    assertThat(put("{\"paused\": false}").json().get("paused").asBoolean()).isFalse();
  }

  @Test
  void the_rate_of_a_second_is_the_burst() {
    JsonNode rate = put("{\"rate\": {\"permits\": 100, \"per\": \"PT1S\"}}").json().get("rate");

    assertThat(rate.get("burst").asInt()).isEqualTo(100);
  }

  @Test
  void a_put_of_an_old_version_is_refused() {
    put("{}");
    put("{}");

    Answer stale = put("{}", "If-Match", "\"1\"");

    assertThat(stale.fault()).isEqualTo("412 version_stale");
    assertThat(stale.json().get("detail").asText()).isEqualTo("the queue is at version 2");
    assertThat(put("{}", "If-Match", "\"2\"").status()).isEqualTo(200);
  }

  @Test
  void a_queue_is_paused_and_resumed() {
    Answer paused =
        rig.post(MAIL + "/pause", "{\"reason\": \"stock\", \"until\": \"2030-01-01T00:00:00Z\"}");

    assertThat(paused.status()).isEqualTo(202);
    assertThat(paused.json().get("pause").toString())
        .isEqualTo(
            "{\"reason\":\"stock\",\"until\":\"2030-01-01T00:00:00Z\",\"since\":\"2026-11-21T12:00:00Z\"}");
    Answer resumed = rig.post(MAIL + "/resume", null);
    assertThat(resumed.status()).isEqualTo(202);
    assertThat(resumed.json().has("pause")).isFalse();
  }

  @Test
  void a_queue_that_nobody_named_is_not_there() {
    assertThat(rig.get("/api/v1/queues/none").fault()).isEqualTo("404 not_found");
    assertThat(rig.post("/api/v1/queues/none/resume", null).fault()).isEqualTo("404 not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"concurrency\": 0}|422 concurrency_range /concurrency",
        "{\"concurrency\": 1.5}|422 json_type /concurrency",
        "{\"perHostConcurrency\": -1}|422 concurrency_range /perHostConcurrency",
        "{\"rate\": {}}|422 validation_failed /rate/permits",
        "{\"rate\": {\"permits\": 0, \"per\": \"PT1S\"}}|422 rate_range /rate/permits",
        "{\"rate\": {\"permits\": 1, \"per\": \"PT0S\"}}|422 duration_range /rate/per",
        "{\"rate\": {\"permits\": 1, \"per\": \"P2D\"}}|422 duration_range /rate/per",
        "{\"rate\": {\"permits\": 1, \"per\": \"PT1S\", \"burst\": 0}}|422 rate_range /rate/burst",
        "{\"paused\": 1}|422 json_type /paused",
        "{\"name\": \"male\"}|422 name_differs /name",
        "{\"concurency\": 1}|422 field_unknown /concurency"
      })
  void what_a_queue_cannot_be_is_refused(String body, String fault) {
    assertThat(put(body).fault()).isEqualTo(fault);
  }

  @Test
  void a_name_that_no_queue_can_have_is_refused() {
    assertThat(rig.send("PUT", "/api/v1/queues/%20mail", "{}").fault())
        .isEqualTo("422 name_trailing_blank /name");
    assertThat(rig.post("/api/v1/queues/" + "x".repeat(191) + "/pause", null).fault())
        .isEqualTo("422 name_too_long /name");
  }

  @Test
  void a_queue_has_a_name_in_any_script() {
    assertThat(rig.send("PUT", "/api/v1/queues/%E5%A4%9C%20mail", "{}").json().get("name").asText())
        .isEqualTo("夜 mail");
    assertThat(rig.get("/api/v1/queues/%E5%A4%9C%20mail").status()).isEqualTo(200);
    assertThat(rig.send("PUT", "/api/v1/queues/a%2Fb", "{}").status()).isEqualTo(404);
    assertThat(rig.send("PUT", "/api/v1/queues/a%00b", "{}").status()).isIn(400, 404);
    assertThat(rig.get("/api/v1/queues/%2E%2E/jobs").status()).isIn(400, 404);
  }

  @Test
  void a_pause_that_is_over_is_refused_with_all_its_faults() {
    Answer refused =
        rig.post(MAIL + "/pause", "{\"until\": \"2020-01-01T00:00:00Z\", \"reason\": 1, \"x\": 1}");

    assertThat(refused.json().get("errors").size()).isEqualTo(3);
  }
}
