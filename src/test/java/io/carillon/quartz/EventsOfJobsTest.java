package io.carillon.quartz;

import static io.carillon.quartz.Samples.in;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static io.carillon.quartz.Samples.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.events.EventFilter;
import io.carillon.events.LiveEvents;
import io.carillon.events.LiveMessage.Welcome;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to jobs, through the real engine, as a reader of another node is told it. */
@Timeout(60)
class EventsOfJobsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final HeardEvents HEARD = new HeardEvents();
  private static EngineRig rig;
  private static LiveEvents writing;
  private static LiveEvents reading;
  private static Engine engine;
  private static StoreParticipant participant;

  @BeforeAll
  static void start() {
    rig = new EngineRig();
    writing = live();
    reading = live();
    rig.around =
        inner -> {
          participant = writing.around(inner);
          return participant;
        };
    engine = rig.start();
    writing.start(store(engine.lease().instanceName()));
    reading.start(store("elsewhere"));
    reading.open(EventFilter.ALL, null, HEARD);
    await()
        .atMost(PATIENCE)
        .until(() -> HEARD.messages().stream().anyMatch(Welcome.class::isInstance));
  }

  private static LiveEvents.Store store(String name) {
    return new LiveEvents.Store() {
      @Override
      public String node() {
        return name;
      }

      @Override
      public void awaitOpenTransactions() throws SQLException {
        engine.awaitOpenTransactions();
      }
    };
  }

  private static LiveEvents live() {
    return new LiveEvents(
        rig.database.dataSource(), EventMetrics.none(), 10, InstantSource.system());
  }

  @AfterAll
  static void stop() {
    writing.close();
    reading.close();
    rig.close();
  }

  @BeforeEach
  void answerWell() {
    rig.target.answers(firing -> new Outcome.Succeeded(200, null));
  }

  private Job stored(Job job) {
    engine.jobs().create(job);
    return job;
  }

  private void hears(JobId job, String... words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(HEARD.words(job)).containsExactly(words));
  }

  @Test
  void a_job_waits_is_called_and_ends() {
    Job job =
        stored(
            SampleJob.noop(newId(), now()).name("letters").labels(Map.of("team", "shop")).build());

    hears(job.id(), "waiting", "active", "completed");
    JsonNode done = HEARD.of("job", job.id().value()).get(2);
    assertThat(done.at("/job/name").asText()).isEqualTo("letters");
    assertThat(done.at("/job/labels/team").asText()).isEqualTo("shop");
    assertThat(done.at("/execution/state").asText()).isEqualTo("SUCCEEDED");
    assertThat(done.at("/execution/attempt").asInt()).isEqualTo(1);
    assertThat(done.at("/execution/httpStatus").asInt()).isEqualTo(200);
    assertThat(done.get("id").asLong()).isPositive();
    assertThat(Instant.parse(done.get("at").asText()))
        .isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(1));
  }

  @Test
  void an_attempt_that_fails_is_told_with_when_the_next_one_comes() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));
    Job job =
        stored(
            job(newId(), in(Duration.ofSeconds(1)), RetryPolicy.fixed(2, Duration.ofSeconds(1))));

    hears(job.id(), "delayed", "active", "retrying", "active", "completed");
    JsonNode retrying = HEARD.of("job", job.id().value()).get(2);
    assertThat(retrying.at("/execution/nextAttemptAt").asText()).isNotEmpty();
    assertThat(retrying.at("/execution/reason").asText()).isEqualTo("HTTP_503");
  }

  @Test
  void what_clients_do_with_a_job_is_told() {
    Job job = stored(job(newId(), in(Duration.ofHours(1)), RetryPolicy.none()));

    engine.jobs().pause(job.id(), "holidays", null);
    engine.jobs().resume(job.id());
    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);

    hears(job.id(), "delayed", "job.paused", "job.resumed", "cancelled");
  }

  @Test
  void a_queue_that_is_paused_limited_and_resumed_is_told() {
    engine.queues().pause("default", "mail", "night", null);
    engine
        .queues()
        .put("default", "mail", new QueueSettings(7, null, null), null, OptionalLong.empty());
    engine.queues().resume("default", "mail");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(HEARD.of("queue", "mail"))
                    .extracting(event -> event.get("event").asText())
                    .containsExactly("queue.paused", "queue.changed", "queue.resumed"));
    assertThat(HEARD.of("queue", "mail").get(1).at("/queue/concurrency").asInt()).isEqualTo(7);
  }

  @Test
  void a_waiting_run_of_a_job_that_is_cancelled_is_told_as_cancelled() {
    engine.queues().pause("default", "held", null, null);
    Job job = stored(SampleJob.noop(newId(), in(Duration.ofHours(1))).queue("held").build());
    engine.jobs().run(job.id(), "key", Map.of());

    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);

    await().atMost(PATIENCE).until(() -> HEARD.words(job.id()).contains("cancelled"));
  }

  @Test
  void a_run_that_a_limit_holds_is_told_as_waiting_and_why() {
    engine
        .queues()
        .put("default", "narrow", new QueueSettings(1, null, null), null, OptionalLong.empty());

    Job job = stored(SampleJob.noop(newId(), in(Duration.ofMillis(300))).queue("narrow").build());

    hears(job.id(), "delayed", "waiting", "active", "completed");
    JsonNode held = HEARD.of("job", job.id().value()).get(1);
    assertThat(held.at("/execution/state").asText()).isEqualTo("QUEUED");
    assertThat(held.at("/execution/reason").asText()).isEqualTo("CONCURRENCY");
    assertThat(held.at("/execution/attempt").asInt()).isZero();
  }

  @Test
  void a_single_execution_that_is_cancelled_and_asked_for_again_is_told() {
    engine.queues().pause("default", "single", null, null);
    Job job = stored(SampleJob.noop(newId(), in(Duration.ofHours(1))).queue("single").build());
    ExecutionId run = new ExecutionId(engine.jobs().run(job.id(), "key", Map.of()));

    engine.runs().cancel("default", run);
    hears(job.id(), "delayed", "waiting", "cancelled");
    engine.queues().resume("default", "single");
    engine.runs().retry("default", run);

    hears(job.id(), "delayed", "waiting", "cancelled", "waiting", "active", "completed");
    assertThat(HEARD.of("execution", run.value())).hasSize(5);
  }

  @Test
  void a_dead_letter_that_is_redriven_is_told_with_when_it_is_attempted() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Failed("HTTP_400", "no", 400, null, null)
                : new Outcome.Succeeded(200, null));
    Job job = stored(job(newId(), now(), RetryPolicy.none()));
    hears(job.id(), "waiting", "active", "failed");
    ExecutionId dead =
        new ExecutionId(HEARD.of("job", job.id().value()).get(2).at("/execution/id").asText());

    engine.redrives().redrive("default", List.of(dead), Duration.ZERO);

    hears(job.id(), "waiting", "active", "failed", "retrying", "active", "completed");
    JsonNode again = HEARD.of("job", job.id().value()).get(3);
    assertThat(again.at("/execution/attempt").asInt()).isEqualTo(1);
    assertThat(again.at("/execution/nextAttemptAt").asText()).isNotEmpty();
  }

  @Test
  void what_must_not_be_called_twice_and_ends_with_its_node_is_told_as_failed() throws Exception {
    engine.queues().pause("default", "held", null, null);
    Job job = stored(SampleJob.noop(newId(), in(Duration.ofHours(1))).queue("held").build());
    ExecutionId run = new ExecutionId(engine.jobs().run(job.id(), "key", Map.of()));
    rig.update(
        "UPDATE execution SET state = 'RUNNING', attempt = 1, node = 'n' WHERE id = ?",
        run.value());

    try (Connection connection = rig.database.dataSource().getConnection()) {
      participant
          .runs()
          .lost(
              connection,
              List.of(run),
              ExecutionState.FAILED,
              Reasons.NODE_LOST,
              Reasons.NODE_LOST,
              Instant.now());
    }

    hears(job.id(), "delayed", "waiting", "failed");
    assertThat(HEARD.of("job", job.id().value()).get(2).at("/execution/reason").asText())
        .isEqualTo(Reasons.NODE_LOST);
  }
}
