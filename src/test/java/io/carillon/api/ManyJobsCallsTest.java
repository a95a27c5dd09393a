package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManyJobsCallsTest {
  private static final String HOURLY =
      """
      {"target": {"type": "noop"}, "labels": {"team": "%s"}, "queue": "%s",
       "schedule": {"type": "fixedRate", "every": "PT1H"}}
      """;
  @AutoClose private ApiRig rig;

  @BeforeEach
  void start() {
    rig = ApiRig.start();
    put("a", "shop", "default");
    put("b", "shop", "night");
    put("c", "mail", "night");
  }

  private void put(String id, String team, String queue) {
    rig.send("PUT", "/api/v1/jobs/" + id, HOURLY.formatted(team, queue));
  }

  private String state(String id) {
    return rig.get("/api/v1/jobs/" + id).json().get("state").asText();
  }

  @Test
  void jobs_with_a_label_are_paused_and_resumed() {
    Answer paused =
        rig.post("/api/v1/jobs:pause", "{\"labels\": {\"team\": \"shop\"}, \"reason\": \"stock\"}");

    assertThat(paused.status()).isEqualTo(200);
    assertThat(paused.body())
        .isEqualTo("{\"matched\":2,\"changed\":2,\"ids\":[\"b\",\"a\"],\"more\":false}");
    assertThat(state("a") + state("b") + state("c")).isEqualTo("PAUSEDPAUSEDACTIVE");
    assertThat(rig.get("/api/v1/jobs/a").json().at("/pause/reason").asText()).isEqualTo("stock");

    JsonNode resumed =
        rig.post("/api/v1/jobs:resume", "{\"labels\": {\"team\": \"shop\"}, \"queue\": \"night\"}")
            .json();
    assertThat(resumed.get("ids").toString()).isEqualTo("[\"b\"]");
    assertThat(state("a") + state("b")).isEqualTo("PAUSEDACTIVE");
  }

  @Test
  void the_jobs_of_a_queue_are_paused() {
    assertThat(
            rig.post("/api/v1/jobs:pause", "{\"queue\": \"night\"}").json().get("changed").asInt())
        .isEqualTo(2);
    assertThat(state("a")).isEqualTo("ACTIVE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|422 filter_required /labels",
        "{\"labels\": {}}|422 filter_required /labels",
        "{\"labels\": {\"team\": 1}}|422 json_type /labels/team",
        "{\"labels\": {\"a b\": \"x\"}}|422 label_name /labels/a b",
        "{\"labels\": [\"team\"]}|422 json_type /labels",
        "{\"queue\": 1}|422 json_type /queue",
        "{\"queue\": \"night\", \"team\": \"shop\"}|422 field_unknown /team"
      })
  void a_filter_that_says_nothing_or_nonsense_is_refused(String body, String fault) {
    assertThat(rig.post("/api/v1/jobs:pause", body).fault()).isEqualTo(fault);
    assertThat(rig.post("/api/v1/jobs:resume", body).fault()).isEqualTo(fault);
    assertThat(state("a")).isEqualTo("ACTIVE");
  }

  @Test
  void a_resume_takes_no_reason() {
    assertThat(rig.post("/api/v1/jobs:resume", "{\"queue\": \"q\", \"reason\": \"x\"}").fault())
        .isEqualTo("422 field_unknown /reason");
  }

  @Test
  void the_next_instants_are_skipped() {
    Answer skipped =
        rig.post("/api/v1/jobs/a/skip-next", "{\"count\": 2, \"reason\": \"no need\"}");

    assertThat(skipped.status()).isEqualTo(202);
    assertThat(skipped.json().at("/skipped/0/scheduledAt").asText())
        .isEqualTo("2026-11-21T13:00:00Z");
    assertThat(skipped.json().at("/skipped/1/executionId").asText()).hasSize(36);
    assertThat(skipped.json().get("nextFireTime").asText()).isEqualTo("2026-11-21T15:00:00Z");
    assertThat(skipped.json().get("state").asText()).isEqualTo("ACTIVE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"count\": 0}|422 number_range /count",
        "{\"count\": 101}|422 number_range /count",
        "{\"count\": \"2\"}|422 json_type /count",
        "{\"reason\": 1}|422 json_type /reason",
        "{\"until\": 1}|422 field_unknown /until"
      })
  void a_skip_that_makes_no_sense_is_refused(String body, String fault) {
    assertThat(rig.post("/api/v1/jobs/a/skip-next", body).fault()).isEqualTo(fault);
  }

  @Test
  void nothing_planned_is_nothing_to_skip() {
    rig.post("/api/v1/jobs/a/pause", null);

    assertThat(rig.post("/api/v1/jobs/a/skip-next", null).fault()).isEqualTo("409 nothing_planned");
    assertThat(rig.post("/api/v1/jobs/none/skip-next", null).fault()).isEqualTo("404 not_found");
  }
}
