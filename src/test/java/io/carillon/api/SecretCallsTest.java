package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import io.carillon.job.SigningKey;
import io.carillon.job.Target;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets as clients keep them, and jobs that name them. */
class SecretCallsTest {
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  @AutoClose private final ApiRig api = ApiRig.start();

  private Answer put(String name, String body, String... headers) {
    return api.send("PUT", "/api/v1/secrets/" + name, body, headers);
  }

  @Test
  void a_value_is_taken_and_never_told() {
    Answer made = put("token", "{\"value\": \"hush\"}");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    assertThat(made.header("Location")).isEqualTo("/api/v1/secrets/token");
    assertThat(made.json().toString())
        .isEqualTo(
            "{\"name\":\"token\",\"kind\":\"TEXT\",\"value\":\"***\",\"version\":1,"
                + "\"versions\":[{\"version\":1,\"until\":null}],"
                + "\"createdAt\":\"2026-11-21T12:00:00Z\","
                + "\"rotatedAt\":\"2026-11-21T12:00:00Z\"}");
    assertThat(api.secrets.values).containsEntry("token", "hush");
    Answer read = api.get("/api/v1/secrets/token");
    assertThat(read.json()).isEqualTo(made.json());
    assertThat(read.header("ETag")).isEqualTo("\"1\"");
    assertThat(api.get("/api/v1/secrets").json().at("/items/0")).isEqualTo(made.json());
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void a_key_that_was_made_here_is_told_once() {
    Answer made = put("hook", "{\"generate\": true}");

    String value = made.json().get("value").asText();
    assertThat(made.json().get("kind").asText()).isEqualTo("SIGNING");
    assertThat(SigningKey.parse(value).orElseThrow().bytes()).hasSize(32);
    assertThat(api.secrets.values).containsEntry("hook", value);
    assertThat(api.get("/api/v1/secrets/hook").json().get("value").asText()).isEqualTo("***");
    String token =
        put("made", "{\"generate\": true, \"kind\": \"TEXT\"}").json().get("value").asText();
    assertThat(token).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void a_rotated_key_has_two_versions_for_a_day_or_as_long_as_was_said() {
    put("hook", "{\"value\": \"" + KEY + "\"}");
    Answer rotated = put("hook", "{\"generate\": true, \"rotate\": true}");

    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.json().get("versions").toString())
        .isEqualTo(
            "[{\"version\":2,\"until\":null},"
                + "{\"version\":1,\"until\":\"2026-11-22T12:00:00Z\"}]");
    assertThat(
            put("hook", "{\"generate\": true, \"rotate\": true, \"grace\": \"PT1H\"}")
                .json()
                .at("/versions/1/until")
                .asText())
        .isEqualTo("2026-11-21T13:00:00Z");
    assertThat(put("hook", "{\"value\": \"text\", \"rotate\": true}").fault())
        .isEqualTo("422 secret_kind /kind");
  }

  @Test
  void conditions_are_kept() {
    put("token", "{\"value\": \"one\"}");
    assertThat(put("token", "{\"value\": \"two\"}", "If-None-Match", "*").fault())
        .isEqualTo("412 secret_exists");
    assertThat(put("token", "{\"value\": \"two\"}", "If-Match", "\"7\"").fault())
        .isEqualTo("412 version_stale");
    assertThat(put("none", "{\"value\": \"two\"}", "If-Match", "*").fault())
        .isEqualTo("412 version_stale");
    assertThat(api.send("DELETE", "/api/v1/secrets/token", null, "If-Match", "\"7\"").fault())
        .isEqualTo("412 version_stale");
    assertThat(api.send("DELETE", "/api/v1/secrets/token", null, "If-Match", "\"1\"").status())
        .isEqualTo(204);
    assertThat(api.send("DELETE", "/api/v1/secrets/token", null).fault())
        .isEqualTo("404 not_found");
    assertThat(api.get("/api/v1/secrets/a%20b").fault()).isEqualTo("404 not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                        | 422 secret_value_required /value",
        "{\"value\": \"x\", \"generate\": true}    | 422 secret_value_required /value",
        "{\"value\": \"\"}                         | 422 secret_value /value",
        "{\"value\": \"***\"}                      | 422 secret_value /value",
        "{\"value\": \"hush\\r\\nX-Evil: 1\"}      | 422 secret_value /value",
        "{\"value\": \"hush\\u00e9\"}              | 422 secret_value /value",
        "{\"value\": \" hush\"}                    | 422 secret_value /value",
        "{\"value\": 7}                            | 422 json_type /value",
        "{\"value\": \"whsec_hush\"}               | 422 secret_signing_key /value",
        "{\"value\": \"hush\", \"kind\": \"SIGNING\"} | 422 secret_signing_key /value",
        "{\"value\": \"hush\", \"kind\": \"text\"} | 422 value_unknown /kind",
        "{\"value\": \"hush\", \"grace\": \"PT1H\"} | 422 grace_without_rotate /grace",
        "{\"value\": \"hush\", \"rotate\": true, \"grace\": \"PT1S\"} | 422 duration_range /grace",
        "{\"value\": \"hush\", \"name\": \"other\"} | 422 name_differs /name",
        "{\"valu\": \"hush\", \"generate\": true}   | 422 field_unknown /valu"
      })
  void a_faulty_body_is_refused_without_being_repeated(String body, String fault) {
    Answer refused = put("token", body);
    assertThat(refused.fault()).isEqualTo(fault);
    assertThat(refused.body()).doesNotContain("hush");
    assertThat(api.secrets.values).isEmpty();
  }

  @Test
  void all_faults_are_told_together() {
    api.secrets.available = false;
    Answer refused =
        put("n".repeat(121), "{\"value\": \"\", \"kind\": \"x\", \"grace\": \"1\", \"more\": 1}");
    assertThat(refused.json().get("errors").findValuesAsText("code"))
        .containsExactlyInAnyOrder(
            "secret_name",
            "secret_value",
            "value_unknown",
            "duration_invalid",
            "grace_without_rotate",
            "field_unknown",
            "secrets_unavailable");
  }

  @Test
  void too_long_a_value_is_refused() {
    assertThat(put("token", "{\"value\": \"" + "x".repeat(4_097) + "\"}").fault())
        .isEqualTo("422 secret_value /value");
    assertThat(put("token", "{\"value\": \"" + "x".repeat(4_096) + "\"}").status()).isEqualTo(201);
  }

  @Test
  void without_a_key_names_are_told_and_nothing_is_taken() {
    put("token", "{\"value\": \"hush\"}");
    api.secrets.available = false;
    assertThat(put("token", "{\"value\": \"hush\"}").fault()).isEqualTo("422 secrets_unavailable");
    assertThat(api.get("/api/v1/secrets").json().get("items")).hasSize(1);
    assertThat(api.send("DELETE", "/api/v1/secrets/token", null).status()).isEqualTo(204);
  }

  @Test
  void a_job_keeps_its_secret_headers_when_it_is_sent_back_and_patched() {
    put("token", "{\"value\": \"hush\"}");
    Answer job =
        api.send(
            "PUT",
            "/api/v1/jobs/j",
            """
            {"target": {"url": "https://x.example/", "secretHeaders": {"X-Key": "hush"},
                        "auth": {"type": "BEARER", "secret": "token"}}}
            """);
    assertThat(job.status()).isEqualTo(201);
    assertThat(job.body()).doesNotContain("hush").contains("\"X-Key\":\"***\"");
    var sealed = ((Target.Http) api.job("j").target()).secretHeaders();

    assertThat(api.send("PUT", "/api/v1/jobs/j", job.body()).status()).isEqualTo(200);
    Answer patched = api.send("PATCH", "/api/v1/jobs/j", "{\"target\": {\"timeout\": \"PT5S\"}}");
    assertThat(patched.status()).as(patched.body()).isEqualTo(200);
    assertThat(((Target.Http) api.job("j").target()).secretHeaders()).isEqualTo(sealed);
    Answer moved =
        api.send("PATCH", "/api/v1/jobs/j", "{\"target\": {\"url\": \"https://evil.example/\"}}");
    assertThat(moved.fault()).isEqualTo("422 secret_header_origin /target/secretHeaders/X-Key");
    assertThat(
            api.send(
                    "PATCH",
                    "/api/v1/jobs/j",
                    "{\"target\": {\"auth\": {\"type\": \"BEARER\", \"secret\": \"none\"}}}")
                .fault())
        .isEqualTo("422 secret_unknown /target/auth/secret");
  }

  @Test
  void no_call_of_another_style_shows_a_secret_header() {
    for (List<String> call :
        List.of(
            List.of(
                "/schedule",
                "{\"delaySeconds\": 60, \"task\": {\"url\": \"https://x.example/\","
                    + " \"secretHeaders\": {\"X-Key\": \"hush\"}}}",
                "/status/"),
            List.of(
                "/job",
                "{\"task_id\": \"http\", \"scheduler\": \"s\", \"parameters\":"
                    + " {\"url\": \"https://x.example/\", \"secretHeaders\": {\"X-Key\": \"hush\"}}}",
                "/job?id="))) {
      Answer made = api.post(call.get(0), call.get(1));
      assertThat(made.status()).as(made.body()).isBetween(200, 201);
      String id = made.json().path("jobId").asText(made.json().path("job_id").asText());
      Answer read = api.get(call.get(2) + id);
      assertThat(read.status()).isEqualTo(200);
      assertThat(made.body() + read.body() + api.get("/api/v1/jobs/" + id).body())
          .doesNotContain("hush");
      assertThat(((Target.Http) api.job(id).target()).secretHeaders()).containsKey("X-Key");
      assertThat(api.job(id).toString()).doesNotContain("hush");
    }
  }
}
