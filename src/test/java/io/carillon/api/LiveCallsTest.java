package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.events.EventFilter;
import io.carillon.events.LiveEvent;
import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.events.LiveMessage.Told;
import io.carillon.execution.ExecutionState;
import io.carillon.harness.SocketReader;
import io.carillon.harness.StreamReader;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveCallsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String KEY = "key-one-0123456789";
  @AutoClose private final ApiRig rig = ApiRig.start();

  private static LiveEvent event(long id) {
    return new LiveEvent(
        id,
        "retrying",
        "delayed",
        "a",
        "q",
        "RETRYING",
        Map.of(),
        "{\"id\":" + id + ",\"event\":\"retrying\",\"job\":{\"id\":\"a\"}}",
        "{\"event\":\"delayed\",\"job\":{\"id\":\"a\"}}");
  }

  private FakeEventFeed.Reader reader() {
    await().atMost(SOON).until(() -> !rig.events.readers.isEmpty());
    return rig.events.readers.get(rig.events.readers.size() - 1);
  }

  private int port() {
    return rig.server.port();
  }

  @Test
  void a_socket_is_welcomed_and_told_in_the_words_of_job_queues() {
    try (SocketReader socket = SocketReader.open(port(), "/ws")) {
      await().atMost(SOON).until(socket::isWelcome);
      reader().send(new Told(event(8), 8));

      await().atMost(SOON).until(() -> socket.heard().size() == 2);
      assertThat(socket.heard().get(1).event()).isEqualTo("delayed");
      assertThat(reader().filter().full()).isFalse();
    }
    await().atMost(SOON).until(() -> !reader().closed().isEmpty());
  }

  @Test
  void a_full_socket_is_told_everything_and_filters_as_it_asked() {
    try (SocketReader socket =
        SocketReader.open(
            port(),
            "/ws?full=1&event=retrying,job.paused&job=a&queue=q&state=RETRYING&label.team=shop")) {
      await().atMost(SOON).until(socket::isWelcome);
      reader().send(new Told(event(8), 8));

      await().atMost(SOON).until(() -> socket.heard().size() == 2);
      assertThat(socket.heard().get(1).json().get("id").asLong()).isEqualTo(8);
      assertThat(reader().filter())
          .isEqualTo(
              new EventFilter(
                  true,
                  Set.of("retrying", "job.paused"),
                  "a",
                  "q",
                  Set.of(ExecutionState.RETRYING),
                  Map.of("team", "shop")));
    }
  }

  @Test
  void a_socket_that_is_sent_away_learns_why() {
    try (SocketReader slow = SocketReader.open(port(), "/ws")) {
      await().atMost(SOON).until(slow::isWelcome);
      reader().send(new End(Reason.SLOW));
      await().atMost(SOON).until(() -> slow.end() != null);
      assertThat(slow.end()).isEqualTo("1013 events came faster than they were read");
    }
    try (SocketReader stopping = SocketReader.open(port(), "/ws")) {
      await().atMost(SOON).until(stopping::isWelcome);
      reader().send(new End(Reason.LEAVING));
      await().atMost(SOON).until(() -> stopping.end() != null);
      assertThat(stopping.end()).startsWith("1001 ");
    }
  }

  @Test
  void what_a_client_says_to_a_socket_is_ignored_unless_it_is_too_much() {
    try (SocketReader socket = SocketReader.open(port(), "/ws")) {
      await().atMost(SOON).until(socket::isWelcome);
      socket.say("hello");
      reader().send(new Told(event(8), 8));
      await().atMost(SOON).until(() -> socket.heard().size() == 2);

      // One byte too many and none after it: what stays unread on a socket that is closed resets
      // the connection, and takes the last word with it.
      socket.say("x".repeat(1_025));

      await().atMost(SOON).until(() -> socket.end() != null);
      assertThat(socket.end()).startsWith("1009 ");
    }
  }

  @Test
  void frames_are_not_compressed_whatever_a_browser_offers() {
    String answer =
        RawHttp.send(
            port(),
            """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits

            """);
    assertThat(answer).startsWith("HTTP/1.1 101").doesNotContain("permessage-deflate");
  }

  @Test
  void a_stream_begins_with_a_welcome_and_its_ids_say_where_to_go_on() throws IOException {
    try (StreamReader stream = StreamReader.open(port(), "/api/v1/events")) {
      await().atMost(SOON).until(stream::isWelcome);
      assertThat(stream.lines().get(0)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(stream.lines())
          .anyMatch(line -> line.matches("(?i)content-type: text/event-stream.*"));
      assertThat(stream.lastId()).isEqualTo("7");
      reader().send(new Told(event(9), 7));
      await().atMost(SOON).until(() -> stream.heard().size() == 2);
      assertThat(stream.heard().get(1).event()).isEqualTo("retrying");
      assertThat(stream.heard().get(1).id()).isEqualTo("7");
      assertThat(stream.heard().get(1).json().get("id").asLong()).isEqualTo(9);

      reader().send(new Beat(12));
      await().atMost(SOON).until(() -> stream.lastId().equals("12"));
      assertThat(stream.lines()).contains(": beat");
      reader().send(new Gap(3, 12));
      await().atMost(SOON).until(() -> stream.heard().size() == 3);
      assertThat(stream.heard().get(2).event()).isEqualTo("gap");

      reader().send(new End(Reason.SLOW));
      await().atMost(SOON).until(() -> stream.heard().size() == 4);
      assertThat(stream.heard().get(3).event()).isEqualTo("dropped");
      await().atMost(SOON).until(() -> stream.lines().contains("0"));
    }
  }

  @Test
  void a_stream_goes_on_from_the_header_or_the_parameter() throws IOException {
    try (StreamReader stream = StreamReader.open(port(), "/api/v1/events", "Last-Event-ID: 41")) {
      await().atMost(SOON).until(stream::isWelcome);
      assertThat(reader().after()).isEqualTo(41);
    }
    try (StreamReader stream = StreamReader.open(port(), "/api/v1/events?lastEventId=42")) {
      await().atMost(SOON).until(stream::isWelcome);
      assertThat(reader().after()).isEqualTo(42);
    }
  }

  @Test
  void what_cannot_be_asked_for_is_refused_before_anything_is_opened() {
    assertThat(rig.get("/api/v1/events?event=nothing").fault())
        .isEqualTo("400 parameter_invalid ?event");
    assertThat(rig.get("/api/v1/events?since=1").fault()).isEqualTo("400 parameter_unknown ?since");
    assertThat(rig.get("/api/v1/events", "Last-Event-ID", "x").fault())
        .isEqualTo("400 parameter_invalid ?lastEventId");
    assertThat(rig.get("/ws").fault()).isEqualTo("426 upgrade_required");
    assertThat(SocketReader.refusal(port(), "/ws?event=retrying")).isEqualTo(400);
    assertThat(SocketReader.refusal(port(), "/ws?full=yes")).isEqualTo(400);
    assertThat(SocketReader.refusal(port(), "/nothing")).isEqualTo(404);
    assertThat(rig.events.readers).isEmpty();
  }

  @Test
  void pages_of_other_sites_are_refused() {
    List<String> foreign = List.of("http://evil.example", "null", "http://127.0.0.1.evil.example");
    for (String origin : foreign) {
      assertThat(SocketReader.refusal(port(), "/ws", "Origin", origin)).isEqualTo(403);
      assertThat(rig.get("/api/v1/events", "Origin", origin).fault())
          .isEqualTo("403 origin_not_allowed");
    }
    try (SocketReader own =
        SocketReader.open(port(), "/ws", "Origin", "http://127.0.0.1:" + port())) {
      await().atMost(SOON).until(own::isWelcome);
    }
  }

  @Test
  void where_there_are_keys_both_need_one_in_the_header_and_refuse_other_sites_all_the_same()
      throws IOException {
    try (ApiRig keyed = ApiRig.with().keys(KEY).start()) {
      int port = keyed.server.port();
      assertThat(SocketReader.refusal(port, "/ws")).isEqualTo(401);
      assertThat(SocketReader.refusal(port, "/ws?token=" + KEY)).isEqualTo(400);
      assertThat(keyed.get("/api/v1/events").status()).isEqualTo(401);
      String bearer = "Bearer " + KEY;
      assertThat(
              SocketReader.refusal(
                  port, "/ws", "Authorization", bearer, "Origin", "http://evil.example"))
          .isEqualTo(403);
      assertThat(
              keyed
                  .get("/api/v1/events", "Authorization", bearer, "Origin", "http://evil.example")
                  .status())
          .isEqualTo(403);
      try (SocketReader socket = SocketReader.open(port, "/ws", "Authorization", bearer);
          StreamReader stream =
              StreamReader.open(port, "/api/v1/events", "Authorization: " + bearer)) {
        await().atMost(SOON).until(() -> socket.isWelcome() && stream.isWelcome());
      }
    }
  }

  @Test
  void a_refused_upgrade_is_a_problem_like_any_other() {
    rig.events.refusal = new StoreUnavailable("away", null);

    String answer =
        RawHttp.send(
            port(),
            """
            GET /ws HTTP/1.1
            Host: 127.0.0.1
            Connection: Upgrade, close
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """);

    assertThat(answer)
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("Content-Type: application/problem+json")
        .containsIgnoringCase("Retry-After: 1")
        .contains("\"code\":\"store_unavailable\"");
    assertThat(rig.get("/api/v1/events").fault()).isEqualTo("503 store_unavailable");
  }
}
