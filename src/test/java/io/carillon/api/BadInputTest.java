package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bad inputs of the security document that reach the API: status, code, pointer. */
class BadInputTest {
  private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @AfterAll
  static void stop() {
    rig.close();
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

  @Test
  void bytes_that_are_not_utf_8_are_refused() {
    String head =
        "POST /api/v1/jobs HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 12\nConnection: close\n\n";
    assertThat(RawHttp.send(rig.server.port(), head + "{\"name\":\"\u00ff\"}"))
        .contains(" 400 ")
        .contains("json_encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "x"
      })
  void a_body_of_another_type_is_415(String type) {
    String noop = "{\"target\":{\"type\":\"noop\"}}";
    assertThat(rig.post("/api/v1/jobs", noop, "Content-Type", type).fault())
        .isEqualTo("415 media_type_unsupported");
    assertThat(rig.post("/schedule", noop, "Content-Type", type).status()).isEqualTo(415);
  }

  @Test
  void a_body_without_a_type_is_415() {
    String request =
        "POST /schedule HTTP/1.1\nHost: localhost\nContent-Length: 2\nConnection: close\n\n{}";
    assertThat(RawHttp.send(rig.server.port(), request)).contains(" 415 ");
  }

  @Test
  void a_large_body_is_413_but_a_batch_may_be_larger() {
    String large = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
    Answer refused = rig.post("/api/v1/jobs", large);
    assertThat(refused.fault()).isEqualTo("413 body_too_large");
    String batch = "{\"jobs\":[]," + " ".repeat(2 << 20) + "\"atomic\":true}";
    assertThat(rig.post("/api/v1/jobs:batch", batch).status()).isEqualTo(200);
    assertThat(rig.post("/api/v1/jobs:batch", batch + " ".repeat(7 << 20)).status()).isEqualTo(413);
  }

  @Test
  void an_endless_body_is_cut_off() throws Exception {
    HttpRequest endless =
        HttpRequest.newBuilder(rig.uri("/api/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[3 << 20])))
            .build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(endless, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Connection")).hasValue("close");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | /api/v1/jobs | GET, POST, HEAD",
        "POST | /livez | GET, HEAD",
        "GET | /schedule | POST",
        "PATCH | /api/v1/jobs:batch | POST",
        "TRACE | /job | GET, POST, HEAD",
        "FOO | /schedule | POST",
        "BEFORE | /schedule | GET, HEAD, POST, PUT, PATCH, DELETE"
      })
  void a_wrong_verb_is_405_and_names_the_right_ones(String verb, String path, String allowed) {
    String answer =
        RawHttp.send(
            rig.server.port(),
            verb + " " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");
    assertThat(answer).contains(" 405 ").contains("method_not_allowed");
    String allow = answer.lines().filter(line -> line.startsWith("Allow: ")).findFirst().orElse("");
    assertThat(allow.replace("Allow: ", "").split(", "))
        .containsExactlyInAnyOrder(allowed.split(", "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/jobs/%00",
        "/api/v1/jobs/a%00b",
        "/api/v1/jobs/../jobs",
        "/api/v1/jobs/%2e%2e/x",
        "/api/v1/jobs/a;x",
        "/api/v1/jobs/a;x=1/executions",
        "/api/v1/jobs/a%2fb",
        "/api/v1/jobs/a%20b",
        "/api/v1/jobs/%c0%af",
        "/api/v1/executions/not-an-id",
        "/api/v1/nothing",
        "//api/v1/jobs",
        "/status/a%00",
        "/jobs/;x/executions"
      })
  void a_path_that_can_name_nothing_is_404(String path) {
    String answer =
        RawHttp.send(
            rig.server.port(), "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");
    assertThat(answer).contains(" 404 ").contains("not_found").contains("problem+json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/jobs?limit=201 | 400 parameter_invalid ?limit",
        "/api/v1/jobs?limit=x | 400 parameter_invalid ?limit",
        "/api/v1/jobs?limit= | 400 parameter_invalid ?limit",
        "/api/v1/jobs?state=active | 400 parameter_invalid ?state",
        "/api/v1/jobs?colour=red | 400 parameter_unknown ?colour",
        "/api/v1/jobs?queue=a&queue=b | 400 parameter_repeated ?queue",
        "/api/v1/jobs?cursor=bogus | 400 cursor_invalid",
        "/api/v1/jobs/x?full=1 | 400 parameter_unknown ?full",
        "/api/v1/executions?from=yesterday | 400 at_invalid ?from",
        "/api/v1/executions?to=2026-11-21T12:00:00 | 400 at_zone_required ?to",
        "/api/v1/executions?state=DONE | 400 parameter_invalid ?state",
        "/api/v1/jobs/x/next?count=0 | 400 parameter_invalid ?count",
        "/api/v1/jobs/x | 404 not_found",
        "/api/v1/jobs/x/executions | 404 not_found",
        "/api/v1/executions/00000000-0000-8000-8000-000000000000 | 404 not_found",
      })
  void a_bad_query_gets_its_code(String path, String fault) {
    assertThat(rig.get(path).fault()).isEqualTo(fault);
  }

  @Test
  void an_escape_that_cannot_be_read_is_400() {
    String request = "GET /api/v1/jobs?queue=%zz HTTP/1.1\nHost: localhost\nConnection: close\n\n";
    assertThat(RawHttp.send(rig.server.port(), request)).contains(" 400 ");
  }

  @Test
  void headers_of_more_than_8_kib_are_431() {
    String request =
        "GET /livez HTTP/1.1\nHost: localhost\nX-Long: "
            + "x".repeat(9_000)
            + "\nConnection: close\n\n";
    assertThat(RawHttp.send(rig.server.port(), request))
        .contains(" 431 ")
        .contains("header_too_large");
  }

  @Test
  void what_is_not_http_is_400_without_a_stack_trace() {
    assertThat(RawHttp.send(rig.server.port(), "HELLO\n\n"))
        .contains(" 400 ")
        .contains("request_invalid")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /livez\n\n",
        "GET /livez HTTP/2.0\nHost: localhost\n\n",
        "GET /livez HTTP/3.7\nHost: localhost\n\n",
        "GET /livez HTTP/1.1\n\n"
      })
  void a_version_of_http_that_is_not_spoken_is_no_failure_of_ours(String request) {
    assertThat(RawHttp.send(rig.server.port(), request))
        .startsWith("HTTP/1.1 4")
        .contains("request_invalid")
        .contains("X-Frame-Options: DENY")
        .contains("Cache-Control: no-store");
  }

  @Test
  void a_body_said_to_be_far_too_large_is_not_waited_for() {
    String head = "POST /api/v1/jobs HTTP/1.1\nHost: localhost\nContent-Type: application/json\n";
    assertThat(RawHttp.send(rig.server.port(), head + "Content-Length: 99999999999\n\n{"))
        .startsWith("HTTP/1.1 413 ")
        .contains("body_too_large");
    assertThat(
            RawHttp.send(
                rig.server.port(), head + "Content-Length: 5000000\nExpect: 100-continue\n\n"))
        .as("nobody is asked to send what will be refused")
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void a_client_that_stops_in_a_body_too_large_is_answered_soon() {
    String head = "POST /api/v1/jobs HTTP/1.1\nHost: localhost\nContent-Type: application/json\n";
    assertThat(RawHttp.send(rig.server.port(), head + "Content-Length: 2000000\n\n{"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void a_packed_body_is_415_and_told_so() {
    Answer refused = rig.post("/api/v1/jobs", "{}", "Content-Encoding", "gzip");
    assertThat(refused.fault()).isEqualTo("415 media_type_unsupported");
    assertThat(refused.header("Accept-Encoding")).isEqualTo("identity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evil.example | 403",
        "localhost.evil.example | 403",
        "localhost | 200",
        "localhost:9999 | 200",
        "LOCALHOST | 200",
        "127.0.0.1 | 200",
        "[::1]:80 | 200",
        "carillon.test | 200"
      })
  void without_keys_only_names_of_this_machine_are_answered(String host, int status) {
    String answer =
        RawHttp.send(
            rig.server.port(), "GET /livez HTTP/1.1\nHost: " + host + "\nConnection: close\n\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    if (status == 403) {
      assertThat(answer).contains("host_not_allowed");
    }
  }

  @Test
  void pages_of_other_sites_may_not_post_to_this_machine() {
    assertThat(rig.post("/api/v1/jobs/x/run", null, "Origin", "https://evil.example").fault())
        .isEqualTo("403 origin_not_allowed");
    String own = "http://127.0.0.1:" + rig.server.port();
    assertThat(rig.post("/api/v1/jobs/x/run", null, "Origin", own).fault())
        .isEqualTo("404 not_found");
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

  @Test
  void a_defect_is_500_and_tells_nothing_of_itself() {
    try (ApiRig broken = ApiRig.start()) {
      broken.engine.failWith(new IllegalStateException("SELECT secret FROM x"));
      Answer answer = broken.get("/api/v1/jobs/x");
      assertThat(answer.fault()).isEqualTo("500 internal");
      assertThat(answer.body()).doesNotContain("SELECT").doesNotContain("Exception");
    }
  }
}
