package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are not even read as JSON: of another type, packed, in other bytes, too large. */
class RefusedBodiesTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
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
  void a_packed_body_is_415_and_told_so() {
    Answer refused = rig.post("/api/v1/jobs", "{}", "Content-Encoding", "gzip");
    assertThat(refused.fault()).isEqualTo("415 media_type_unsupported");
    assertThat(refused.header("Accept-Encoding")).isEqualTo("identity");
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
}
