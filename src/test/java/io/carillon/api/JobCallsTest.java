package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobCallsTest {
  private static final String NOOP = "{\"target\":{\"type\":\"noop\"}}";
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  private static final String LATER =
      "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"delay\",\"delay\":\"PT1H\"}}";

  @Test
  void a_created_job_is_where_its_location_says() {
    Answer created =
        rig.post(
            "/api/v1/jobs",
            """
            {"name": "items-cleanup", "labels": {"team": "shop"},
             "target": {"type": "http", "method": "POST", "url": "https://myservice.example/api/items/_delete",
                        "headers": {"X-A": "b"}, "body": {"age": 30}, "timeout": "PT30S"},
             "schedule": {"type": "cron", "cron": "0 0 1 ? * SUN", "timeZone": "Europe/London"}}
            """);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    JsonNode job = rig.get(created.header("Location")).json();
    assertThat(job.get("name").asText()).isEqualTo("items-cleanup");
    assertThat(job.get("state").asText()).isEqualTo("ACTIVE");
    assertThat(job.get("nextFireTime").asText()).isEqualTo("2026-11-22T01:00:00Z");
    assertThat(job.get("nextFireTimeLocal").asText()).isEqualTo("2026-11-22T01:00:00Z");
    assertThat(job.get("id").asText()).matches("[0-9a-f-]{36}");
    assertThat(job).isEqualTo(created.json());
  }

  @Test
  void a_put_creates_once_and_replaces_after_that() {
    assertThat(rig.send("PUT", "/api/v1/jobs/own-id", NOOP).status()).isEqualTo(201);
    assertThat(rig.send("PUT", "/api/v1/jobs/own-id", NOOP).status()).isEqualTo(200);
    Answer refused = rig.send("PUT", "/api/v1/jobs/own-id", NOOP, "If-None-Match", "*");
    assertThat(refused.fault()).isEqualTo("412 job_exists");
  }

  @Test
  void what_was_read_can_be_put_back() {
    rig.send("PUT", "/api/v1/jobs/back", NOOP);
    Answer read = rig.get("/api/v1/jobs/back");
    Answer put = rig.send("PUT", "/api/v1/jobs/back", read.body(), "If-Match", read.header("ETag"));
    assertThat(put.status()).isEqualTo(200);
    assertThat(put.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void what_was_valid_once_can_be_put_again_when_its_instant_is_past() {
    try (ApiRig later = ApiRig.start()) {
      String at = "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"at\":\"2026-11-21T13:00:00Z\"}}";
      assertThat(later.send("PUT", "/api/v1/jobs/at", at).status()).isEqualTo(201);
      later.time.set(ApiRig.NOW.plusSeconds(7200));
      assertThat(later.send("PUT", "/api/v1/jobs/at", at).status()).isEqualTo(200);
      assertThat(later.send("PUT", "/api/v1/jobs/new", at).fault())
          .isEqualTo("422 at_in_past /schedule/at");
    }
  }

  @Test
  void a_stale_version_changes_nothing() {
    rig.send("PUT", "/api/v1/jobs/stale", NOOP);
    String patch = "{\"name\":\"new\"}";
    for (String tag : new String[] {"\"7\"", "W/\"1\"", "\"x\"", "\"7\", \"8\""}) {
      Answer refused = rig.send("PATCH", "/api/v1/jobs/stale", patch, "If-Match", tag);
      assertThat(refused.fault()).as(tag).isEqualTo("412 version_stale");
    }
    Answer changed = rig.send("PATCH", "/api/v1/jobs/stale", patch, "If-Match", "\"1\"");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("name").asText()).isEqualTo("new");
    assertThat(rig.send("PUT", "/api/v1/jobs/none", NOOP, "If-Match", "\"1\"").status())
        .isEqualTo(412);
    assertThat(rig.send("PUT", "/api/v1/jobs/none", NOOP, "If-Match", "*").status()).isEqualTo(412);
  }

  @Test
  void a_patch_reschedules_and_keeps_the_rest() {
    rig.send(
        "PUT",
        "/api/v1/jobs/patched",
        "{\"name\":\"keep\",\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"delay\",\"delay\":\"PT1H\"}}");
    Answer changed =
        rig.send(
            "PATCH",
            "/api/v1/jobs/patched",
            "{\"schedule\":{\"delay\":\"PT2H\"}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(changed.json().get("nextFireTime").asText()).isEqualTo("2026-11-21T14:00:00Z");
    assertThat(changed.json().get("name").asText()).isEqualTo("keep");
  }

  @Test
  void a_patch_of_the_state_is_refused_with_the_way_to_change_it() {
    rig.send("PUT", "/api/v1/jobs/live", LATER);

    Answer refused = rig.send("PATCH", "/api/v1/jobs/live", "{\"state\":\"PAUSED\"}");

    assertThat(refused.fault()).isEqualTo("422 field_read_only /state");
    assertThat(refused.body()).contains("/pause");
    assertThat(rig.send("PATCH", "/api/v1/jobs/live", "{\"state\":\"ACTIVE\"}").status())
        .isEqualTo(200);
  }

  @Test
  void a_deleted_job_stays_readable_and_is_not_changed_again() {
    rig.send("PUT", "/api/v1/jobs/gone", NOOP);
    Answer deleted = rig.send("DELETE", "/api/v1/jobs/gone?running=cancel", null);
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().get("state").asText()).isEqualTo("CANCELLED");
    assertThat(deleted.json().get("running").isArray()).isTrue();
    assertThat(rig.get("/api/v1/jobs/gone").json().get("state").asText()).isEqualTo("CANCELLED");
    assertThat(rig.post("/api/v1/jobs/gone/run", null).fault()).isEqualTo("409 wrong_state");
    assertThat(rig.send("PATCH", "/api/v1/jobs/gone", "{}").fault()).isEqualTo("409 wrong_state");
    assertThat(rig.get("/api/v1/jobs/gone", "If-None-Match", "\"2\"").status()).isEqualTo(304);
  }

  @Test
  void lists_are_filtered_and_paged() {
    for (int i = 0; i < 5; i++) {
      rig.send(
          "PUT",
          "/api/v1/jobs/listed-" + i,
          "{\"queue\":\"listed\",\"labels\":{\"n\":\""
              + i % 2
              + "\"},\"target\":{\"type\":\"noop\"}}");
    }
    JsonNode first = rig.get("/api/v1/jobs?queue=listed&limit=3").json();
    assertThat(first.get("items")).hasSize(3);
    JsonNode second =
        rig.get("/api/v1/jobs?queue=listed&limit=3&cursor=" + first.get("nextCursor").asText())
            .json();
    assertThat(second.get("items")).hasSize(2);
    assertThat(second.get("nextCursor").isNull()).isTrue();
    assertThat(rig.get("/api/v1/jobs?queue=listed&label.n=1").json().get("items")).hasSize(2);
  }

  @Test
  void a_paused_job_says_why_and_next_tells_its_plan() {
    rig.send(
        "PUT",
        "/api/v1/jobs/rate",
        "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"fixedRate\",\"every\":\"PT10S\"}}");
    Answer paused =
        rig.post(
            "/api/v1/jobs/rate/pause",
            "{\"reason\":\"tidying\",\"until\":\"2026-11-22T01:00:00Z\"}");
    assertThat(paused.status()).isEqualTo(202);
    assertThat(paused.json().at("/pause/reason").asText()).isEqualTo("tidying");
    assertThat(rig.post("/api/v1/jobs/rate/resume", null).json().get("state").asText())
        .isEqualTo("ACTIVE");
    JsonNode next = rig.get("/api/v1/jobs/rate/next?count=3").json().get("next");
    assertThat(next.findValuesAsText("at"))
        .containsExactly("2026-11-21T12:00:10Z", "2026-11-21T12:00:20Z", "2026-11-21T12:00:30Z");
  }

  @Test
  void a_run_by_hand_answers_where_its_execution_is() {
    rig.send("PUT", "/api/v1/jobs/hand", NOOP);
    Answer run =
        rig.post("/api/v1/jobs/hand/run", "{\"body\":{\"a\":1},\"headers\":{\"X-A\":\"b\"}}");
    assertThat(run.status()).isEqualTo(202);
    assertThat(run.header("Location"))
        .isEqualTo("/api/v1/executions/" + run.json().get("executionId").asText());
    assertThat(rig.engine.lastOverrides).containsOnlyKeys("body", "headers");
  }
}
