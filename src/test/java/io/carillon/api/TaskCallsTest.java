package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The catalogue, and what becomes of a job that names a task of it. */
class TaskCallsTest {
  private static final String PURGE =
      """
      {"target": {"method": "DELETE", "url": "https://shop.example/items/{{item}}?why={{why}}"},
       "parameters": {"item": {"type": "string", "required": true},
                      "why": {"type": "string", "default": "old & gone"}},
       "retry": {"maxAttempts": 7}, "queue": "purges", "description": "Removes one item"}
      """;

  private final ApiRig api = ApiRig.start();

  @AfterEach
  void close() {
    api.close();
  }

  private Answer put(String id, String body, String... headers) {
    return api.send("PUT", "/api/v1/tasks/" + id, body, headers);
  }

  private JsonNode made(String body) {
    Answer made = api.post("/api/v1/jobs", body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json();
  }

  @Test
  void a_task_is_stored_shown_listed_and_removed() {
    Answer created = put("purge", PURGE);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.header("Location")).isEqualTo("/api/v1/tasks/purge");

    Answer read = api.get("/api/v1/tasks/purge");
    assertThat(read.json()).isEqualTo(created.json());
    assertThat(read.json().at("/parameters/why/default").asText()).isEqualTo("old & gone");
    assertThat(api.get("/api/v1/tasks").json().at("/items/0")).isEqualTo(read.json());

    assertThat(api.send("DELETE", "/api/v1/tasks/purge", null).status()).isEqualTo(204);
    assertThat(api.get("/api/v1/tasks/purge").status()).isEqualTo(404);
    assertThat(api.send("DELETE", "/api/v1/tasks/purge", null).status()).isEqualTo(404);
  }

  @Test
  void what_was_read_can_be_put_again_by_who_knows_the_version() {
    put("purge", PURGE);
    String shown = api.get("/api/v1/tasks/purge").body();

    Answer again = put("purge", shown, "If-Match", "\"1\"");
    Answer stale = put("purge", shown, "If-Match", "\"1\"");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("version").asInt()).isEqualTo(2);
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.header("ETag")).isEqualTo("\"2\"");
    assertThat(put("purge", PURGE, "If-None-Match", "*").fault()).isEqualTo("412 task_exists");
    assertThat(put("other", PURGE, "If-Match", "\"1\"").fault()).isEqualTo("412 version_stale");
    assertThat(put("other", PURGE, "If-Match", "*").fault()).isEqualTo("412 version_stale");
    assertThat(api.get("/api/v1/tasks/purge", "If-None-Match", "\"2\"").status()).isEqualTo(304);
    Answer gone = api.send("DELETE", "/api/v1/tasks/purge", null, "If-Match", "\"1\"");
    assertThat(gone.fault()).isEqualTo("412 version_stale");
  }

  @Test
  void lists_are_paged() {
    for (String id : new String[] {"c", "a", "b"}) {
      put(id, PURGE);
    }
    JsonNode first = api.get("/api/v1/tasks?limit=2").json();
    String cursor = first.get("nextCursor").asText();
    JsonNode rest = api.get("/api/v1/tasks?limit=2&cursor=" + cursor).json();

    assertThat(first.get("items").findValuesAsText("id")).containsExactly("a", "b");
    assertThat(rest.get("items").findValuesAsText("id")).containsExactly("c");
    assertThat(rest.get("nextCursor").isNull()).isTrue();
    assertThat(api.get("/api/v1/tasks?size=2").status()).isEqualTo(400);
  }

  @Test
  void all_faults_of_a_task_are_told_at_once() {
    Answer refused =
        put(
            "bad",
            """
            {"target": {"url": "https://{{host}}/x", "headers": {"X": "{{lst}}"}},
             "parameters": {"host": {"type": "text"}, "list": {"type": "array", "default": 1}},
             "retry": {"maxAttempts": 0}, "tagret": 1}
            """);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").findValuesAsText("code"))
        .contains(
            "value_unknown",
            "parameter_type",
            "placeholder_place",
            "placeholder_unknown",
            "retry_range",
            "field_unknown");
    assertThat(put("http", PURGE).fault()).isEqualTo("422 task_built_in");
    assertThat(put("a%20b", PURGE).status()).isEqualTo(404);
  }

  @Test
  void a_job_takes_target_queue_and_retries_of_its_task() {
    put("purge", PURGE);

    JsonNode job = made("{\"task\": \"purge\", \"parameters\": {\"item\": \"a/b c\"}}");

    assertThat(job.at("/target/url").asText())
        .isEqualTo("https://shop.example/items/a%2Fb%20c?why=old%20%26%20gone");
    assertThat(job.get("queue").asText()).isEqualTo("purges");
    assertThat(job.at("/retry/maxAttempts").asInt()).isEqualTo(7);
    assertThat(job.get("task").asText()).isEqualTo("purge");
    assertThat(job.at("/parameters/item").asText()).isEqualTo("a/b c");
    assertThat(job.get("warnings")).isEmpty();
  }

  @Test
  void a_jobs_own_queue_and_retries_come_first() {
    put("purge", PURGE);

    JsonNode job =
        made(
            """
            {"task": "purge", "parameters": {"item": "1"}, "queue": "q", "retry": {"maxAttempts": 2}}
            """);

    assertThat(job.get("queue").asText()).isEqualTo("q");
    assertThat(job.at("/retry/maxAttempts").asInt()).isEqualTo(2);
  }

  @Test
  void a_task_that_changes_or_goes_leaves_jobs_as_they_are() {
    put("purge", PURGE);
    String id = made("{\"task\": \"purge\", \"parameters\": {\"item\": \"1\"}}").get("id").asText();
    String path = "/api/v1/jobs/" + id;
    put("purge", PURGE.replace("/items/", "/things/"));

    assertThat(api.get(path).json().at("/target/url").asText()).contains("/items/1");
    JsonNode renamed = api.send("PATCH", path, "{\"name\": \"n\"}").json();
    assertThat(renamed.at("/target/url").asText()).contains("/items/1");
    Answer same = api.send("PUT", path, api.get(path).body());
    assertThat(same.status()).as(same.body()).isEqualTo(200);

    JsonNode other = api.send("PATCH", path, "{\"parameters\": {\"item\": \"2\"}}").json();
    assertThat(other.at("/target/url").asText()).contains("/things/2");

    JsonNode own =
        api.send("PATCH", path, "{\"target\": {\"url\": \"https://x.example/\"}}").json();
    assertThat(own.at("/target/url").asText()).isEqualTo("https://x.example/");
    assertThat(own.has("task")).isFalse();
    assertThat(own.has("parameters")).isFalse();
  }

  @Test
  void a_job_has_a_task_or_a_target() {
    put("purge", PURGE);
    String target = "\"target\": {\"url\": \"https://x.example/\"}";
    String task = "\"task\": \"purge\", \"parameters\": {\"item\": \"1\"}";

    assertThat(api.post("/api/v1/jobs", "{" + target + "," + task + "}").fault())
        .isEqualTo("422 target_ambiguous /target");
    assertThat(api.post("/api/v1/jobs", "{" + target + ", \"parameters\": {}}").fault())
        .isEqualTo("422 parameters_without_task /parameters");
    assertThat(api.post("/api/v1/jobs", "{}").fault()).isEqualTo("422 field_required /target");
  }

  @Test
  void what_is_wrong_with_parameters_is_told_by_their_names() {
    put("purge", PURGE);

    Answer wrong =
        api.post(
            "/api/v1/jobs", "{\"task\": \"purge\", \"parameters\": {\"why\": 1, \"itm\": \"x\"}}");
    Answer unknown = api.post("/api/v1/jobs", "{\"task\": \"purg\"}");
    Answer path =
        api.post("/api/v1/jobs", "{\"task\": \"purge\", \"parameters\": {\"item\": \"..\"}}");

    assertThat(wrong.json().get("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/parameters/why", "/parameters/itm", "/parameters/item");
    assertThat(unknown.fault()).isEqualTo("422 task_unknown /task");
    assertThat(unknown.json().get("detail").asText()).contains("did you mean 'purge'?");
    assertThat(path.fault()).isEqualTo("422 parameter_path /parameters/item");
  }

  @Test
  void a_run_by_hand_fills_the_task_anew() {
    put("purge", PURGE);
    String id = made("{\"task\": \"purge\", \"parameters\": {\"item\": \"1\"}}").get("id").asText();
    String run = "/api/v1/jobs/" + id + "/run";

    assertThat(api.post(run, "{\"parameters\": {\"why\": \"test\"}}").status()).isEqualTo(202);
    assertThat(String.valueOf(api.engine.lastOverrides))
        .contains("https://shop.example/items/1?why=test");
    assertThat(api.post(run, "{\"parameters\": {\"wy\": 1}}").fault())
        .isEqualTo("422 parameter_unknown /parameters/wy");
    api.send("DELETE", "/api/v1/tasks/purge", null);
    assertThat(api.post(run, "{\"parameters\": {}}").fault()).isEqualTo("409 task_gone");
    assertThat(api.post(run, "{}").status()).isEqualTo(202);
  }

  @Test
  void a_job_without_task_has_no_parameters_to_replace() {
    String id = made("{\"target\": {\"url\": \"https://x.example/\"}}").get("id").asText();

    assertThat(api.post("/api/v1/jobs/" + id + "/run", "{\"parameters\": {\"a\": 1}}").fault())
        .isEqualTo("422 parameters_without_task /parameters");
  }
}
