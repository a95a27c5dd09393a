package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Gates;
import io.carillon.idempotency.StoredIdempotencyKeys;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Met;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same request, sent again. */
class IdempotencyTest {
  private static final String NOOP = "{\"target\":{\"type\":\"noop\"}}";

  @Test
  void the_same_key_and_body_get_the_same_answer_and_one_job() {
    try (ApiRig rig = ApiRig.start()) {
      Answer first = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      Answer again = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.header("Location")).isEqualTo(first.header("Location"));
      assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
      assertThat(first.header("Idempotency-Replayed")).isEmpty();
      assertThat(rig.engine.stored).hasSize(1);
    }
  }

  @Test
  void another_body_is_refused_and_another_route_is_another_key() {
    try (ApiRig rig = ApiRig.start()) {
      rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      assertThat(rig.post("/api/v1/jobs", NOOP + " ", "Idempotency-Key", "k").fault())
          .isEqualTo("422 idempotency_key_reused");
      assertThat(rig.post("/jobs", NOOP, "Idempotency-Key", "k").status()).isEqualTo(201);
      assertThat(rig.engine.stored).hasSize(2);
    }
  }

  @Test
  void a_refusal_is_an_answer_too() {
    try (ApiRig rig = ApiRig.start()) {
      String bad = "{\"task\":\"a\"}";
      assertThat(rig.post("/schedule", bad, "Idempotency-Key", "k").status()).isEqualTo(400);
      Answer again = rig.post("/schedule", bad, "Idempotency-Key", "k");
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "\t", "\u00e9"})
  void a_key_that_is_none_is_refused(String key) {
    try (ApiRig rig = ApiRig.start()) {
      String request =
          "POST /api/v1/jobs/x/resume HTTP/1.1\nHost: localhost\nIdempotency-Key: "
              + key
              + "\nContent-Length: 0\nConnection: close\n\n";
      assertThat(RawHttp.send(rig.server.port(), request))
          .contains(" 400 ")
          .contains("idempotency_key_invalid");
    }
  }

  @Test
  void a_key_of_300_characters_is_refused() {
    try (ApiRig rig = ApiRig.start()) {
      assertThat(rig.post("/schedule", "{}", "Idempotency-Key", "k".repeat(300)).fault())
          .isEqualTo("400 idempotency_key_invalid");
    }
  }

  @Test
  void nothing_stored_frees_the_key_and_an_unknown_outcome_keeps_the_id() {
    try (ApiRig rig = ApiRig.start()) {
      rig.engine.goAway();
      assertThat(rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "a").status()).isEqualTo(503);
      rig.engine.failWith(null);
      String other = "{\"name\":\"other\",\"target\":{\"type\":\"noop\"}}";
      assertThat(rig.post("/api/v1/jobs", other, "Idempotency-Key", "a").status()).isEqualTo(201);

      rig.engine.failWith(new StoreUnavailable("cut", JobId.of("maybe"), null));
      Answer unknown = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "b");
      assertThat(unknown.fault()).isEqualTo("503 outcome_unknown");
      assertThat(unknown.json().get("jobId").asText()).isEqualTo("maybe");
      rig.engine.failWith(null);
      assertThat(rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "b").status()).isEqualTo(201);
    }
  }

  @Test
  void a_run_whose_outcome_is_unknown_is_tried_again_under_its_own_key() {
    try (ApiRig rig = ApiRig.start()) {
      rig.send("PUT", "/api/v1/jobs/run", NOOP);
      rig.engine.goAway();
      assertThat(rig.post("/api/v1/jobs/run/run", null, "Idempotency-Key", "r").status())
          .isEqualTo(503);
      rig.engine.failWith(null);
      assertThat(rig.post("/api/v1/jobs/run/run", null, "Idempotency-Key", "r").status())
          .isEqualTo(202);
      assertThat(rig.engine.runKeys).hasSize(2);
      assertThat(Set.copyOf(rig.engine.runKeys)).hasSize(1);
    }
  }

  @Test
  void a_request_that_died_after_its_commit_is_finished_by_the_next_one() {
    FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
    try (ApiRig rig = ApiRig.with().idempotency(keys).start()) {
      keys.loseAnswers();
      Answer first = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      keys.keepAnswers();
      Answer heir = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      assertThat(heir.status()).isEqualTo(201);
      assertThat(heir.json().get("id")).isEqualTo(first.json().get("id"));
      assertThat(rig.engine.stored).hasSize(1);
    }
  }

  /**
   * What an earlier request stored without knowing it must not be stored again under another id.
   */
  @Test
  void a_refusal_after_an_outcome_that_is_unknown_keeps_the_id() {
    FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
    try (ApiRig rig = ApiRig.with().idempotency(keys).start()) {
      keys.loseAnswers();
      Answer first = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      keys.keepAnswers();
      rig.engine.failWith(new StoreBusy(null));
      assertThat(rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k").fault())
          .isEqualTo("503 intake_full");
      rig.engine.failWith(null);
      Answer heir = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      assertThat(heir.status()).isEqualTo(201);
      assertThat(heir.json().get("id")).isEqualTo(first.json().get("id"));
      assertThat(rig.engine.stored).hasSize(1);
    }
  }

  @Test
  void a_batch_sent_again_creates_nothing_new() {
    FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
    try (ApiRig rig = ApiRig.with().idempotency(keys).start()) {
      String batch = "{\"jobs\":[" + NOOP + "," + NOOP + "]}";
      keys.loseAnswers();
      Answer first = rig.post("/api/v1/jobs:batch", batch, "Idempotency-Key", "k");
      Answer heir = rig.post("/api/v1/jobs:batch", batch, "Idempotency-Key", "k");
      assertThat(heir.body()).isEqualTo(first.body());
      assertThat(rig.engine.stored).hasSize(2);
    }
  }

  @Test
  void an_atomic_batch_sent_again_says_again_what_its_jobs_met() {
    FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
    try (ApiRig rig = ApiRig.with().idempotency(keys).start()) {
      String keyed =
          "{\"target\":{\"type\":\"noop\"},\"dedup\":{\"key\":\"k\",\"mode\":\"RETURN\"}}";
      String other = rig.post("/api/v1/jobs", keyed).json().get("id").asText();
      rig.engine.keys.holder(other);
      rig.engine.keys.meet(Met.How.RETURNED);
      String batch = "{\"atomic\":true,\"jobs\":[" + NOOP + "," + keyed + "]}";
      keys.loseAnswers();
      Answer first = rig.post("/api/v1/jobs:batch", batch, "Idempotency-Key", "k");
      Answer heir = rig.post("/api/v1/jobs:batch", batch, "Idempotency-Key", "k");
      assertThat(first.json().at("/items/1/id").asText()).isEqualTo(other);
      assertThat(heir.body()).isEqualTo(first.body());
    }
  }

  @Test
  void a_request_still_running_is_waited_for_and_then_409() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService client = Executors.newFixedThreadPool(2);
    try (ApiRig rig = ApiRig.start()) {
      rig.engine.beforeCreate(
          () -> {
            inside.countDown();
            Gates.pass(go);
          });
      Future<Answer> first =
          client.submit(() -> rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k"));
      Gates.pass(inside);
      Answer busy = rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k");
      assertThat(busy.fault()).isEqualTo("409 idempotency_key_in_use");
      Future<Answer> waiting =
          client.submit(() -> rig.post("/api/v1/jobs", NOOP, "Idempotency-Key", "k"));
      go.countDown();
      assertThat(waiting.get(10, TimeUnit.SECONDS).body())
          .isEqualTo(first.get(10, TimeUnit.SECONDS).body());
    } finally {
      go.countDown();
      client.shutdownNow();
    }
  }

  @Test
  void two_hundred_submits_over_three_nodes_are_one_job() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(40);
    List<ApiRig> nodes = new ArrayList<>();
    try (TestDatabase db = TestDatabase.create()) {
      for (int i = 0; i < 3; i++) {
        nodes.add(
            ApiRig.with()
                .idempotency(
                    new StoredIdempotencyKeys(db.database()::dataSource, InstantSource.system()))
                .start());
      }
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        ApiRig node = nodes.get(i % 3);
        answers.add(
            clients.submit(
                () ->
                    node.post(
                        "/schedule",
                        "{\"task\":\"a\",\"delaySeconds\":1}",
                        "Idempotency-Key",
                        "one")));
      }
      Set<String> bodies = new HashSet<>();
      for (Future<Answer> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
        bodies.add(answer.get().body());
      }
      assertThat(bodies).hasSize(1);
      assertThat(nodes.stream().mapToInt(node -> node.engine.creates.get()).sum()).isEqualTo(1);
    } finally {
      nodes.forEach(ApiRig::close);
      clients.shutdownNow();
    }
  }
}
