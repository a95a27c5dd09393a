package io.carillon.quartz;

import static io.carillon.quartz.FollowingRig.job;
import static io.carillon.quartz.FollowingRig.waiting;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Auth;
import io.carillon.job.JobId;
import io.carillon.job.Origin;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Calls that tell of executions, through a real engine and database. */
class CallbackTest {
  private static final String URL = "https://x.example/told";

  @AutoClose private final FollowingRig rig = new FollowingRig();

  private static Map<String, Object> callback(String... on) {
    return on.length == 0
        ? Map.of("callback", Map.of("url", URL))
        : Map.of("callback", Map.of("url", URL, "on", List.of(on)));
  }

  private String body(Firing firing) {
    return ((Target.Http) firing.job().target()).body().text();
  }

  @Test
  void a_success_is_told_once_by_a_job_of_its_own() {
    rig.engines.target.answers(firing -> new Succeeded(200, new Answer("<b>\"x\"</b>", false)));
    Engine engine = rig.start();
    engine.jobs().create(job("first", callback()));
    String id = "cb_" + rig.arrival("first").id() + "_succeeded";

    Firing told = rig.arrival(id);
    rig.quiet();

    assertThat(rig.engines.target.arrivals()).hasSize(2);
    assertThat(told.job().origin().call()).isEqualTo(Origin.Call.CALLBACK);
    assertThat(told.job().policies().retry()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(((Target.Http) told.job().target()).url()).isEqualTo(URL);
    assertThat(body(told))
        .startsWith("{\"event\":\"execution.succeeded\",\"job\":{\"id\":\"first\"")
        .contains("\"state\":\"SUCCEEDED\"", "\"body\":\"<b>\\\"x\\\"</b>\"");
    assertThat(rig.engines.jobOf(JobId.of(id))).isEqualTo("COMPLETED");
    assertThat(rig.engines.callbacks()).isEqualTo(Map.of(ExecutionState.SUCCEEDED, 1));
  }

  @Test
  void a_callback_is_signed_by_the_secret_that_it_names_whatever_becomes_of_its_job() {
    Engine engine = rig.start();
    engine.jobs().create(job("first", Map.of("callback", Map.of("url", URL, "secret", "hook"))));

    Firing told = rig.arrival("cb_" + rig.arrival("first").id() + "_succeeded");

    assertThat(((Target.Http) told.job().target()).auth()).isEqualTo(Auth.signature("hook"));
  }

  @Test
  void retries_are_told_one_by_one_where_they_are_wanted_and_the_failure_after_them() {
    rig.engines.target.answers(
        firing ->
            firing.job().id().value().equals("first")
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Succeeded(200, null));
    Engine engine = rig.start();
    engine
        .jobs()
        .create(
            job(
                "first",
                callback("RETRYING", "FAILED"),
                RetryPolicy.fixed(3, Duration.ofMillis(50))));
    String execution = rig.arrival("first").id().value();

    rig.arrival("cb_" + execution + "_retrying_1");
    rig.arrival("cb_" + execution + "_retrying_2");
    rig.arrival("cb_" + execution + "_failed");
    rig.quiet();

    assertThat(rig.engines.target.arrivals()).hasSize(6);
  }

  @Test
  void an_execution_that_waits_for_a_retry_is_told_of_when_its_job_is_cancelled() {
    rig.engines.target.answers(firing -> new Failed("HTTP_503", "busy", 503, null, null));
    Engine engine = rig.start();
    engine
        .jobs()
        .create(job("first", callback("CANCELLED"), RetryPolicy.fixed(3, Duration.ofMinutes(5))));
    String execution = rig.arrival("first").id().value();
    await()
        .atMost(PATIENCE)
        .until(() -> rig.engines.executionOf(JobId.of("first")).equals("RETRYING 1"));

    engine.jobs().cancel(JobId.of("first"), OptionalLong.empty(), false);

    assertThat(body(rig.arrival("cb_" + execution + "_cancelled")))
        .contains("\"state\":\"CANCELLED\"");
  }

  @Test
  void an_execution_that_dies_with_its_third_node_is_told_of_as_failed() {
    CountDownLatch never = new CountDownLatch(1);
    rig.engines.target.before(() -> hold(never));
    Engine engine = rig.start();
    engine.jobs().create(job("first", callback()));
    String execution = rig.arrival("first").id().value();
    String node = engine.lease().instanceName();
    rig.engines.target.before(() -> {});
    rig.engines.update("UPDATE execution SET deaths = 2, uncounted = 2 WHERE id = ?", execution);

    rig.start();
    rig.engines.update("UPDATE node SET renewed_at = 0 WHERE instance_name = ?", node);
    rig.engines.update("DELETE FROM node WHERE instance_name = ?", node);

    assertThat(body(rig.arrival("cb_" + execution + "_failed"))).contains("\"POISON\"");
    never.countDown();
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_callback_that_fails_is_tried_again_and_tells_nobody_of_it() {
    rig.engines.target.answers(
        firing ->
            firing.job().id().value().startsWith("cb_")
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Succeeded(200, null));
    Engine engine = rig.start();
    engine.jobs().create(job("first", callback()));
    engine.jobs().create(waiting("other", callback()));
    String id = "cb_" + rig.arrival("first").id() + "_succeeded";
    rig.arrival(id);

    await()
        .atMost(PATIENCE)
        .until(() -> rig.engines.executionOf(JobId.of(id)).equals("RETRYING 1"));
    assertThat(rig.engines.one("SELECT COUNT(*) FROM job")).isEqualTo("3");
  }

  @Test
  void everything_that_waits_is_told_of_when_its_job_is_cancelled_however_much_it_is() {
    Engine engine = rig.start();
    JobId id = JobId.of("first");
    engine.jobs().create(waiting("first", callback("CANCELLED")));
    Instant now = Instant.now();
    for (int n = 0; n < 1_100; n++) {
      ExecutionId run = ExecutionId.byHand(id, "run-" + n, now);
      rig.engines.update(
          """
          INSERT INTO execution (id, scheduled_at, namespace, job_id, generation, queue, state,
            attempt)
          VALUES (?, ?, 'default', 'first', 1, 'default', 'QUEUED', 0)
          """,
          run.value(),
          now.toEpochMilli());
    }

    engine.jobs().cancel(id, OptionalLong.empty(), false);

    assertThat(rig.engines.one("SELECT COUNT(*) FROM follower")).isEqualTo("1100");
    assertThat(rig.engines.one("SELECT COUNT(*) FROM job WHERE origin = 'CALLBACK'"))
        .isEqualTo("1100");
  }
}
