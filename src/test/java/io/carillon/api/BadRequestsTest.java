package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad verbs, paths, queries, headers and hosts: refused before any body matters, and told nothing
 * of us.
 */
class BadRequestsTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
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
