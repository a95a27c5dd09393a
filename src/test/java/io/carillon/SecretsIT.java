package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Answer;
import io.carillon.harness.EveryRow;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.job.SigningKey;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Secrets in the real jar: what targets get of them, what nobody else does, and other keys. */
@Timeout(120)
class SecretsIT {
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String OLD = "old:" + Base64.getEncoder().encodeToString(bytes('o'));
  private static final String NEW = "new:" + Base64.getEncoder().encodeToString(bytes('n'));

  // Planted, to be looked for.
  private static final String TOKEN = "planted-token-8c1f";
  private static final String PASSWORD = "planted-password-77ab";
  private static final String HEADER = "planted-header-e05d";
  private static final String PATCHED = "planted-patched-93d2";
  private static final String REFUSED = "planted-refused-1b6a";
  private static final String KEY = SigningKey.generate(new SecureRandom());
  private static final String NEXT_KEY = SigningKey.generate(new SecureRandom());
  private static final List<String> PLANTED =
      List.of(
          TOKEN,
          PASSWORD,
          HEADER,
          PATCHED,
          REFUSED,
          KEY.substring(6),
          NEXT_KEY.substring(6),
          OLD.substring(4),
          NEW.substring(4),
          Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));

  @AutoClose private final TestDatabase database = TestDatabase.create();
  @AutoClose private final MockWebServer target = new MockWebServer();
  private final Map<String, RecordedRequest> received = new HashMap<>();
  private final List<String> answers = new ArrayList<>();

  private static byte[] bytes(char letter) {
    return String.valueOf(letter).repeat(32).getBytes(StandardCharsets.US_ASCII);
  }

  @BeforeEach
  void listen() throws Exception {
    target.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder()
                .code(request.getUrl().encodedPath().equals("/refused") ? 401 : 204)
                .build();
          }
        });
    target.start(InetAddress.getByName("127.0.0.1"), 0);
  }

  private NodeBuilder node(String keys) {
    return NodeProcess.named("secrets")
        .database(database.url(), database.user(), database.password())
        .setting("carillon.log.level", "trace")
        .environment("CARILLON_SECRETS_KEY", keys);
  }

  private Answer told(Answer answer) {
    answers.add(answer + " " + answer.headers());
    return answer;
  }

  private void put(NodeProcess node, String path, String body, int status) {
    Answer answer = told(node.api().put("/api/v1/" + path, body));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + target.getPort() + "/" + path;
  }

  private void job(NodeProcess node, String id, String members) {
    put(
        node,
        "jobs/" + id,
        "{\"target\": {\"url\": \"%s\", \"body\": {\"n\": 1}, %s}, \"retry\": {\"maxAttempts\": 1}}"
            .formatted(url(id), members),
        201);
  }

  private RecordedRequest arrived(String path) {
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              RecordedRequest request = target.takeRequest(0, TimeUnit.MILLISECONDS);
              if (request != null) {
                received.put(request.getUrl().encodedPath().substring(1), request);
              }
              return received.containsKey(path);
            });
    return received.remove(path);
  }

  private static String auth(String type, String secret) {
    return "\"auth\": {\"type\": \"" + type + "\", \"secret\": \"" + secret + "\"}";
  }

  private String reasonOf(NodeProcess node, String job) {
    List<String> reason = new ArrayList<>();
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              var last =
                  node.api().get("/api/v1/jobs/" + job + "/executions").body().at("/items/0");
              reason.add(last.path("reason").asText());
              return List.of("FAILED", "SUCCEEDED").contains(last.path("state").asText())
                  && !last.path("finishedAt").isNull();
            });
    return reason.get(reason.size() - 1);
  }

  @Test
  void a_target_gets_what_it_needs_and_nothing_else_ever_tells_a_secret() throws Exception {
    try (NodeProcess node = node(OLD).start()) {
      node.awaitReady(READY);
      put(node, "secrets/token", "{\"value\": \"" + TOKEN + "\"}", 201);
      put(node, "secrets/password", "{\"value\": \"" + PASSWORD + "\"}", 201);
      put(node, "secrets/hook", "{\"value\": \"" + KEY + "\"}", 201);
      put(node, "secrets/hook", "{\"value\": \"" + NEXT_KEY + "\", \"rotate\": true}", 200);
      put(node, "secrets/bad", "{\"value\": \"" + REFUSED + "\\n\"}", 422);
      put(node, "secrets/bad", "{\"value\": [\"" + REFUSED + "\"]}", 422);
      String headers = "\"secretHeaders\": {\"X-Key\": \"" + HEADER + "\"}";
      job(node, "bearer", auth("BEARER", "token") + ", " + headers);
      job(node, "basic", auth("BASIC", "password\", \"user\": \"me"));
      job(node, "header", auth("HEADER", "token\", \"header\": \"X-Api-Key"));
      job(node, "signed", auth("SIGNATURE", "hook"));
      job(node, "refused", auth("BEARER", "token") + ", " + headers);
      told(
          node.api()
              .post(
                  "/schedule",
                  "{\"delaySeconds\": 0, \"task\": {\"url\": \"%s\", %s}}"
                      .formatted(url("scheduled"), headers)));

      RecordedRequest bearer = arrived("bearer");
      assertThat(bearer.getHeaders().get("Authorization")).isEqualTo("Bearer " + TOKEN);
      assertThat(bearer.getHeaders().get("X-Key")).isEqualTo(HEADER);
      assertThat(arrived("basic").getHeaders().get("Authorization"))
          .isEqualTo("Basic " + PLANTED.get(PLANTED.size() - 1));
      assertThat(arrived("header").getHeaders().get("X-Api-Key")).isEqualTo(TOKEN);
      RecordedRequest signed = arrived("signed");
      for (String key : List.of(KEY, NEXT_KEY)) {
        new Webhook(key).verify(signed.getBody().utf8(), signed.getHeaders().toMultimap());
      }
      assertThat(arrived("scheduled").getHeaders().get("X-Key")).isEqualTo(HEADER);
      assertThat(reasonOf(node, "refused")).isEqualTo("HTTP_401");

      changeAndRunAgain(node);
      readEverything(node);
      node.term();
      assertThat(node.awaitExit(READY)).isZero();
      assertThat(node.output()).contains("bearer").doesNotContain(PLANTED);
    }
    assertThat(String.join("\n", answers)).contains("***").doesNotContain(PLANTED);
    assertThat(everyRow()).contains("secretHeaders", "c1.old.").doesNotContain(PLANTED);
  }

  private void changeAndRunAgain(NodeProcess node) {
    told(
        node.api()
            .patch(
                "/api/v1/jobs/bearer",
                "{\"target\": {\"secretHeaders\": {\"X-More\": \"" + PATCHED + "\"}}}"));
    told(node.api().post("/api/v1/jobs/bearer/run", "{\"headers\": {\"X-Key\": \"mine\"}}"));
    RecordedRequest again = arrived("bearer");
    assertThat(again.getHeaders().get("X-Key")).isEqualTo(HEADER);
    assertThat(again.getHeaders().get("X-More")).isEqualTo(PATCHED);

    assertThat(told(node.api().delete("/api/v1/secrets/token")).status()).isEqualTo(204);
    told(node.api().post("/api/v1/jobs/bearer/run", "{}"));
    assertThat(reasonOf(node, "bearer")).isEqualTo("SECRET_MISSING");
    assertThat(received).doesNotContainKey("bearer");
  }

  private void readEverything(NodeProcess node) {
    for (String path :
        List.of(
            "/api/v1/secrets",
            "/api/v1/secrets/hook",
            "/api/v1/jobs",
            "/api/v1/jobs/bearer",
            "/api/v1/jobs/bearer/executions",
            "/api/v1/executions",
            "/jobs/bearer/executions",
            "/status/bearer",
            "/job?id=bearer",
            "/healthz",
            "/metrics")) {
      assertThat(told(node.api().get(path)).status()).as(path).isEqualTo(200);
    }
    node.api()
        .get("/api/v1/executions")
        .body()
        .path("items")
        .forEach(item -> told(node.api().get("/api/v1/executions/" + item.path("id").asText())));
  }

  private String everyRow() throws SQLException {
    return EveryRow.of(database.database().dataSource());
  }

  @Test
  void a_server_without_the_key_does_not_start_and_one_with_another_first_key_takes_over()
      throws Exception {
    String headers = "\"secretHeaders\": {\"X-Key\": \"" + HEADER + "\"}";
    try (NodeProcess node = node(OLD).start()) {
      node.awaitReady(READY);
      put(node, "secrets/token", "{\"value\": \"" + TOKEN + "\"}", 201);
      job(node, "bearer", auth("BEARER", "token") + ", " + headers);
      arrived("bearer");
      node.term();
      node.awaitExit(READY);
    }
    try (NodeProcess node = node(NEW).start()) {
      assertThat(node.awaitExit(READY)).isEqualTo(2);
      assertThat(node.output())
          .contains("secrets that are encrypted with key old, and this server has new");
    }
    try (NodeProcess node = node("new:c2hvcnQ=").start()) {
      assertThat(node.awaitExit(READY)).isEqualTo(2);
      assertThat(node.output())
          .contains("carillon.secrets.key: must hold keys of 32 bytes in base64, and one has 5");
    }
    try (NodeProcess node = node(NEW + "," + OLD).start()) {
      node.awaitReady(READY);
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(everyRow()).contains("c1.new.").doesNotContain("c1.old"));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> node.output().contains("secrets were encrypted anew with key new"));
      node.term();
      node.awaitExit(READY);
    }
    try (NodeProcess node = node(NEW).start()) {
      node.awaitReady(READY);
      node.api().post("/api/v1/jobs/bearer/run", "{}");
      RecordedRequest request = arrived("bearer");
      assertThat(request.getHeaders().get("X-Key")).isEqualTo(HEADER);
      assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer " + TOKEN);
    }
  }
}
