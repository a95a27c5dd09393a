package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The bad inputs of the security document that come as JSON: status, code, pointer. */
class BadJsonTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  static Stream<Arguments> bodies() {
    String noop = "\"target\":{\"type\":\"noop\"}";
    String http = "{\"target\":{\"url\":\"https://a.example/\",";
    return Stream.of(
        Arguments.of("", "400 json_empty"),
        Arguments.of("{", "400 json_syntax"),
        Arguments.of("[]", "400 json_type"),
        Arguments.of("[".repeat(10_000), "400 json_too_deep"),
        Arguments.of("{\"name\":\"a\",\"name\":\"b\"}", "400 json_duplicate_key /name"),
        Arguments.of("{" + noop + ",\"x\":" + "9".repeat(10_000) + "}", "400 json_number /x"),
        Arguments.of("{\"x\":NaN}", "400 json_number /x"),
        Arguments.of("{\"x\":1e999}", "400 json_number /x"),
        Arguments.of("{} {}", "400 json_trailing"),
        Arguments.of("{}", "422 field_required /target"),
        Arguments.of("{\"target\":null}", "422 field_required /target"),
        Arguments.of("{" + noop + ",\"shedule\":{}}", "422 field_unknown /shedule"),
        Arguments.of(
            "{" + noop + ",\"retry\":{\"maxAttempts\":\"3\"}}", "422 json_type /retry/maxAttempts"),
        Arguments.of("{" + noop + ",\"name\":\"\"}", "422 name_empty /name"),
        Arguments.of("{" + noop + ",\"name\":\"  \"}", "422 name_blank /name"),
        Arguments.of(
            "{" + noop + ",\"name\":\"" + "n".repeat(191) + "\"}", "422 name_too_long /name"),
        Arguments.of("{" + noop + ",\"name\":\"a\\u202eb\"}", "422 name_bidi /name"),
        Arguments.of(
            "{" + noop + ",\"description\":\"" + "d".repeat(251) + "\"}",
            "422 description_too_long /description"),
        Arguments.of(
            "{"
                + noop
                + ",\"schedule\":{\"at\":\"2027-01-01T00:00:00Z\",\"cron\":\"0 0 8 * * ?\"}}",
            "422 schedule_ambiguous /schedule"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"at\":\"2020-01-01T00:00:00Z\"}}",
            "422 at_in_past /schedule/at"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"at\":\"2026-02-30T10:00:00Z\"}}",
            "422 at_invalid /schedule/at"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"at\":\"2026-12-30T10:00:00\"}}",
            "422 at_zone_required /schedule/at"),
        Arguments.of(
            "{"
                + noop
                + ",\"schedule\":{\"cron\":\"0 0 8 * * ?\",\"timeZone\":\"Europe/Amsterdan\"}}",
            "422 zone_unknown /schedule/timeZone"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"cron\":\"60 * * * * ?\"}}",
            "422 cron_second /schedule/cron"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"cron\":\"" + "1,".repeat(5_000) + "\"}}",
            "422 cron_too_long /schedule/cron"),
        Arguments.of(
            "{" + noop + ",\"schedule\":{\"type\":\"fixedRate\",\"every\":\"PT0.001S\"}}",
            "422 interval_range /schedule/every"),
        Arguments.of(http + "\"method\":\"get\"}}", "422 method_not_allowed /target/method"),
        Arguments.of(http + "\"timeout\":\"PT0S\"}}", "422 timeout_range /target/timeout"),
        Arguments.of(
            http + "\"headers\":{\"Host\":\"x\"}}}", "422 header_reserved /target/headers/Host"),
        Arguments.of(
            http + "\"body\":\"" + "x".repeat(257 * 1024) + "\"}}",
            "413 payload_too_large /target/body"),
        Arguments.of(
            "{\"target\":{\"url\":\"http://169.254.169.254/\"}}",
            "422 url_address_denied /target/url"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void a_bad_body_gets_its_code(String body, String fault) {
    assertThat(rig.post("/api/v1/jobs", body).fault()).isEqualTo(fault);
  }

  @Test
  void all_faults_come_together() {
    JsonNode problem =
        rig.post(
                "/api/v1/jobs",
                "{\"name\":\"\",\"priority\":\"urgent\",\"schedule\":{\"cron\":\"60 * * * * ?\"},\"x\":1}")
            .json();
    assertThat(problem.get("code").asText()).isEqualTo("validation_failed");
    assertThat(problem.get("status").asInt()).isEqualTo(422);
    assertThat(problem.get("errors").findValuesAsText("pointer"))
        .contains("/name", "/priority", "/schedule/cron", "/target", "/x");
  }

  @Test
  void a_problem_is_one_of_rfc_9457_and_names_the_request() {
    Answer answer = rig.post("/api/v1/jobs", "{", "X-Request-Id", "req-7");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("X-Request-Id")).isEqualTo("req-7");
    JsonNode problem = answer.json();
    assertThat(problem.get("requestId").asText()).isEqualTo("req-7");
    assertThat(problem.get("type").asText()).isEqualTo("urn:carillon:problem:json_syntax");
    assertThat(problem.get("title").asText()).isEqualTo("Json syntax");
    assertThat(problem.get("detail").asText()).contains("line 1");
    assertThat(problem.get("errors")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause | {\"until\":\"tomorrow\"} | 422 at_invalid /until",
        "pause | {\"until\":\"2026-11-21T12:00:00\"} | 422 at_zone_required /until",
        "pause | {\"until\":\"+999999999-01-01T00:00:00Z\"} | 422 at_out_of_range /until",
        "pause | {\"until\":\"1969-12-31T23:59:59Z\"} | 422 at_out_of_range /until",
        "pause | {\"until\":\"2026-11-21T11:59:59Z\"} | 422 at_in_past /until",
        "pause | {\"why\":\"x\"} | 422 field_unknown /why",
        "pause | {\"reason\":7} | 422 json_type /reason",
        "resume | {\"x\":1} | 422 field_unknown /x",
        "run | {\"headers\":[]} | 422 json_type /headers",
        "run | {\"headers\":{\"Host\":\"x\"}} | 422 header_reserved /headers/Host",
        "run | {\"headers\":{\"A\":1}} | 422 json_type /headers/A",
        "pause | {} | 404 not_found",
      })
  void a_bad_act_gets_its_code(String act, String body, String fault) {
    assertThat(rig.post("/api/v1/jobs/x/" + act, body).fault()).isEqualTo(fault);
  }

  @Test
  void text_that_looks_like_code_is_stored_and_shown_as_text() {
    String evil = "<script>alert(1)</script> ' OR 1=1 -- \ud83d\udd14";
    Answer made =
        rig.post(
            "/api/v1/jobs", "{\"description\":\"" + evil + "\",\"target\":{\"type\":\"noop\"}}");
    Answer read = rig.get(made.header("Location"));
    assertThat(read.json().get("description").asText()).isEqualTo(evil);
    assertThat(read.header("Content-Type")).isEqualTo("application/json");
    assertThat(read.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }
}
