package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import io.carillon.harness.Gates;
import io.carillon.job.JobExceptions.StoreBusy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may call, how often, and how many at once. */
class AccessTest {
  private static final String KEY = "first-key-0123456789";
  private static final String OTHER = "other-key-0123456789";
  private static final String NOOP = "{\"target\":{\"type\":\"noop\"}}";

  @Test
  void with_keys_every_call_but_health_needs_one() {
    try (ApiRig rig = ApiRig.with().keys(KEY, OTHER).start()) {
      for (String path :
          new String[] {"/api/v1/jobs", "/status/x", "/metrics", "/docs", "/openapi.json", "/no"}) {
        Answer refused = rig.get(path);
        assertThat(refused.fault()).as(path).isEqualTo("401 unauthorized");
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
      }
      for (String path : new String[] {"/livez", "/readyz", "/healthz"}) {
        assertThat(rig.get(path).status()).as(path).isEqualTo(200);
      }
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer " + KEY).status()).isEqualTo(200);
      assertThat(rig.get("/api/v1/jobs", "Authorization", "bearer " + OTHER).status())
          .isEqualTo(200);
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Basic " + KEY).fault())
          .isEqualTo("401 unauthorized");
      for (String name : new String[] {"api_key", "API_KEY", "Token"}) {
        assertThat(rig.get("/status/x?" + name + "=" + KEY).fault())
            .as(name)
            .isEqualTo("400 key_in_query");
      }
    }
  }

  @Test
  void two_callers_may_use_the_same_idempotency_key() {
    try (ApiRig rig = ApiRig.with().keys(KEY, OTHER).start()) {
      for (String key : new String[] {KEY, OTHER}) {
        Answer made =
            rig.post(
                "/api/v1/jobs", NOOP, "Authorization", "Bearer " + key, "Idempotency-Key", "k");
        assertThat(made.header("Idempotency-Replayed")).isEmpty();
      }
      assertThat(rig.engine.stored).hasSize(2);
    }
  }

  @Test
  void the_eleventh_wrong_key_of_a_minute_is_429() {
    try (ApiRig rig = ApiRig.with().keys(KEY).start()) {
      for (int i = 0; i < 10; i++) {
        assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer no").status()).isEqualTo(401);
      }
      Answer refused = rig.get("/api/v1/jobs", "Authorization", "Bearer no");
      assertThat(refused.fault()).isEqualTo("429 rate_limited");
      assertThat(refused.header("Retry-After")).isEqualTo("6");
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer " + KEY).status()).isEqualTo(200);
      rig.time.set(ApiRig.NOW.plusSeconds(60));
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer no").status()).isEqualTo(401);
    }
  }

  @Test
  void each_key_has_a_rate_of_its_own() {
    try (ApiRig rig = ApiRig.with().keys(KEY, OTHER).rate(3).start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer " + KEY).status())
            .isEqualTo(200);
      }
      Answer refused = rig.get("/api/v1/jobs", "Authorization", "Bearer " + KEY);
      assertThat(refused.fault()).isEqualTo("429 rate_limited");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer " + OTHER).status())
          .isEqualTo(200);
      assertThat(rig.get("/livez").status()).isEqualTo(200);
      rig.time.set(ApiRig.NOW.plusMillis(400));
      assertThat(rig.get("/api/v1/jobs", "Authorization", "Bearer " + KEY).status()).isEqualTo(200);
    }
  }

  @Test
  void a_full_intake_says_come_again_and_reads_go_on() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService client = Executors.newSingleThreadExecutor();
    try (ApiRig rig = ApiRig.with().writesInFlight(1).start()) {
      rig.engine.beforeCreate(
          () -> {
            inside.countDown();
            Gates.pass(go);
          });
      Future<Answer> first = client.submit(() -> rig.post("/api/v1/jobs", NOOP));
      Gates.pass(inside);
      Answer refused = rig.post("/api/v1/jobs", NOOP);
      assertThat(refused.fault()).isEqualTo("503 intake_full");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(rig.get("/api/v1/jobs").status()).isEqualTo(200);
      go.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
      assertThat(rig.post("/api/v1/jobs", NOOP).status()).isEqualTo(201);
    } finally {
      go.countDown();
      client.shutdownNow();
    }
  }

  @Test
  void a_database_with_too_much_to_do_is_not_called_away() {
    try (ApiRig rig = ApiRig.start()) {
      rig.engine.failWith(new StoreBusy(null));
      Answer refused = rig.post("/api/v1/jobs", NOOP);
      assertThat(refused.fault()).isEqualTo("503 intake_full");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    }
  }

  @Test
  void without_a_database_the_server_answers_and_accepts_nothing() {
    try (ApiRig rig = ApiRig.start()) {
      rig.engine.goAway();
      rig.health.ready = HealthSource.Check.not("database");
      Answer refused = rig.post("/schedule", "{\"task\":\"a\",\"delaySeconds\":0}");
      assertThat(refused.fault()).isEqualTo("503 store_unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(rig.get("/livez").status()).isEqualTo(200);
      Answer ready = rig.get("/readyz");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().get("reasons").get(0).asText()).isEqualTo("database");
      assertThat(rig.get("/healthz").json().get("status").asText()).isEqualTo("unavailable");
    }
  }

  @Test
  void a_stopping_server_tells_its_health_and_refuses_the_rest() {
    try (ApiRig rig = ApiRig.start()) {
      rig.server.refuseNew();
      Answer refused = rig.get("/api/v1/jobs");
      assertThat(refused.fault()).isEqualTo("503 draining");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header("Connection")).isEqualTo("close");
      assertThat(rig.get("/readyz").status()).isEqualTo(200);
      rig.server.stopAccepting();
      rig.server.stopAccepting();
    }
  }

  @Test
  void closing_takes_two_seconds_at_most_while_a_call_hangs() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService client = Executors.newSingleThreadExecutor();
    ApiRig rig = ApiRig.start();
    try {
      rig.engine.beforeCreate(
          () -> {
            inside.countDown();
            Gates.pass(go);
          });
      client.submit(() -> rig.post("/api/v1/jobs", NOOP));
      Gates.pass(inside);
      long begin = System.nanoTime();
      rig.close();
      rig.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    } finally {
      go.countDown();
      client.shutdownNow();
    }
  }

  @Test
  void a_port_in_use_is_told_in_one_line() {
    try (ApiRig rig = ApiRig.start()) {
      int port = rig.server.port();
      assertThat(ApiRig.problemOfStartingAgain(port))
          .startsWith("cannot listen on 127.0.0.1:" + port + ": ")
          .doesNotContain("\n");
    }
  }

  /** Of several that come first, Javalin may fail one. */
  @Test
  void the_first_requests_are_the_servers_own() {
    try (ApiRig rig = ApiRig.start()) {
      assertThat(rig.get("/metrics").body())
          .contains(
              "carillon_http_requests_seconds_count{method=\"GET\",route=\"/livez\",status=\"200\"} 1");
    }
  }

  @Test
  void requests_are_counted_by_route_and_status() {
    try (ApiRig rig = ApiRig.start()) {
      rig.get("/api/v1/jobs/one");
      rig.get("/api/v1/jobs/two");
      rig.get("/nothing");
      Answer text = rig.get("/metrics");
      assertThat(text.header("Content-Type")).startsWith("text/plain");
      assertThat(text.body())
          .contains(
              "carillon_http_requests_seconds_count{method=\"GET\",route=\"/api/v1/jobs/{id}\",status=\"404\"} 2")
          .contains("route=\"none\",status=\"404\"} 1")
          .contains("jvm_memory_used_bytes");
    }
  }
}
