package io.carillon.quartz;

import static io.carillon.quartz.Samples.in;
import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static io.carillon.quartz.Samples.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.events.EventFilter;
import io.carillon.events.LiveEvents;
import io.carillon.events.LiveMessage;
import io.carillon.events.LiveMessage.Told;
import io.carillon.events.LiveMessage.Welcome;
import io.carillon.events.Outlet;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to jobs, through the real engine, as a reader of another node is told it. */
@Timeout(60)
class EventsOfJobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EngineRig rig = new EngineRig();
  private final Heard heard = new Heard();
  private LiveEvents writing;
  private LiveEvents reading;
  private Engine engine;

  /** What a reader was told. */
  private static final class Heard implements Outlet {
    private final List<LiveMessage> messages = new CopyOnWriteArrayList<>();

    @Override
    public void send(LiveMessage message, Consumer<@Nullable Throwable> sent) {
      messages.add(message);
      sent.accept(null);
    }

    @Override
    public void abort() {}

    List<JsonNode> of(String member, String id) {
      return messages.stream()
          .filter(Told.class::isInstance)
          .map(message -> tree(((Told) message).event().full()))
          .filter(
              event ->
                  event.path(member).path("id").asText().equals(id)
                      || event.path(member).path("name").asText().equals(id))
          .toList();
    }

    List<String> words(JobId job) {
      return of("job", job.value()).stream().map(event -> event.get("event").asText()).toList();
    }

    private static JsonNode tree(String text) {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }
  }

  @BeforeEach
  void start() {
    writing = live();
    reading = live();
    rig.around = writing::around;
    engine = rig.start();
    writing.start(store(engine.lease().instanceName()));
    reading.start(store("elsewhere"));
    reading.open(EventFilter.ALL, null, heard);
    await()
        .atMost(PATIENCE)
        .until(() -> heard.messages.stream().anyMatch(Welcome.class::isInstance));
  }

  private LiveEvents.Store store(String name) {
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

  private LiveEvents live() {
    return new LiveEvents(
        rig.database.dataSource(), EventMetrics.none(), 10, InstantSource.system());
  }

  @AfterEach
  void stop() {
    writing.close();
    reading.close();
    rig.close();
  }

  private Job stored(Job job) {
    engine.jobs().create(job);
    return job;
  }

  private void hears(JobId job, String... words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(heard.words(job)).containsExactly(words));
  }

  @Test
  void a_job_waits_is_called_and_ends() {
    Job job =
        stored(
            SampleJob.noop(newId(), now()).name("letters").labels(Map.of("team", "shop")).build());

    hears(job.id(), "waiting", "active", "completed");
    JsonNode done = heard.of("job", job.id().value()).get(2);
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
    JsonNode retrying = heard.of("job", job.id().value()).get(2);
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
                assertThat(heard.of("queue", "mail"))
                    .extracting(event -> event.get("event").asText())
                    .containsExactly("queue.paused", "queue.changed", "queue.resumed"));
    assertThat(heard.of("queue", "mail").get(1).at("/queue/concurrency").asInt()).isEqualTo(7);
  }

  @Test
  void a_waiting_run_of_a_job_that_is_cancelled_is_told_as_cancelled() {
    engine.queues().pause("default", "held", null, null);
    Job job = stored(SampleJob.noop(newId(), in(Duration.ofHours(1))).queue("held").build());
    engine.jobs().run(job.id(), "key", Map.of());

    engine.jobs().cancel(job.id(), OptionalLong.empty(), false);

    await().atMost(PATIENCE).until(() -> heard.words(job.id()).contains("cancelled"));
  }
}
