package io.carillon.quartz;

import static io.carillon.quartz.FollowingRig.job;
import static io.carillon.quartz.FollowingRig.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Firing;
import io.carillon.execution.Followed;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.JobId;
import io.carillon.job.Link;
import io.carillon.job.Origin;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Target;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Jobs that start because others have ended, through a real engine and database. */
class ChainTest {
  private static final JobId NEXT = JobId.of("next");

  @AutoClose private final FollowingRig rig = new FollowingRig();

  private static Map<String, Object> on(String field, Map<String, Object> link) {
    return Map.of(field, List.of(link));
  }

  private void answers(String body) {
    rig.engines.target.answers(firing -> new Succeeded(200, new Answer(body, false)));
  }

  private void task(String id, Map<String, Object> target, String... parameters) {
    Map<String, Task.Parameter> declared = new java.util.LinkedHashMap<>();
    for (String name : parameters) {
      declared.put(name, new Task.Parameter(Task.Type.STRING, true, null, null));
    }
    rig.tasks.put(TaskId.of(id), new Task(TaskId.of(id), null, target, declared, null, null));
  }

  @Test
  void a_success_runs_the_job_that_it_names_once() {
    Engine engine = rig.start();
    engine.jobs().create(waiting("next", Map.of()));
    engine.jobs().create(job("first", on("onSuccess", Map.of("job", "next"))));

    Firing next = rig.arrival("next");
    rig.quiet();

    assertThat(rig.engines.target.arrivalsOf(NEXT)).hasSize(1);
    Firing first = rig.arrival("first");
    assertThat(rig.followed(first.id()))
        .singleElement()
        .satisfies(
            followed -> {
              assertThat(followed.place()).isEqualTo("onSuccess/0");
              assertThat(followed.jobId()).isEqualTo("next");
              assertThat(followed.executionId()).isEqualTo(next.id().value());
              assertThat(followed.code()).isNull();
            });
    assertThat(rig.engines.jobOf(NEXT)).as("its own plan goes on").isEqualTo("ACTIVE");
  }

  @Test
  void a_failure_follows_another_way_and_only_when_it_is_final() {
    Engine engine = rig.start();
    rig.engines.target.answers(
        firing ->
            firing.job().id().value().equals("first")
                ? new Failed("HTTP_500", "no", 500, null, null)
                : new Succeeded(200, null));
    for (String name : List.of("good", "bad", "always")) {
      engine.jobs().create(waiting(name, Map.of()));
    }
    engine
        .jobs()
        .create(
            job(
                "first",
                Map.of(
                    "onSuccess", List.of(Map.of("job", "good")),
                    "onFailure", List.of(Map.of("job", "bad")),
                    "onComplete", List.of(Map.of("job", "always"))),
                RetryPolicy.fixed(2, Duration.ofMillis(50))));

    rig.arrival("bad");
    rig.arrival("always");
    rig.quiet();

    assertThat(rig.engines.target.arrivals())
        .extracting(firing -> firing.job().id().value())
        .containsExactlyInAnyOrder("first", "first", "bad", "always");
  }

  @Test
  void a_task_becomes_a_job_with_parameters_from_the_answer_escaped_by_place() {
    task(
        "notify",
        Map.of(
            "url",
            "https://x.example/orders/{{id}}?q={{id}}",
            "method",
            "POST",
            "headers",
            Map.of("X-Order", "n-{{id}}"),
            "body",
            Map.of("order", "{{id}} by {{by}}")),
        "id",
        "by");
    answers("{\"order\": {\"ids\": [\"a/../b?\\\"\"]}}");
    Engine engine = rig.start();
    engine
        .jobs()
        .create(
            job(
                "first",
                on(
                    "onSuccess",
                    Map.of(
                        "task",
                        "notify",
                        "parameters",
                        Map.of("id", "{{execution.response.order.ids.0}}", "by", "{{job.id}}")))));

    Firing made = rig.arrivals(all -> all.size() == 2).get(1);

    Target.Http http = (Target.Http) made.job().target();
    assertThat(http.url())
        .isEqualTo("https://x.example/orders/a%2F..%2Fb%3F%22?q=a%2F..%2Fb%3F%22");
    assertThat(http.headers()).containsEntry("X-Order", "n-a/../b?\"");
    assertThat(http.body().text()).isEqualTo("{\"order\":\"a/../b?\\\" by first\"}");
    assertThat(made.job().origin().call()).isEqualTo(Origin.Call.CHAIN);
    assertThat(made.job().id().value())
        .isEqualTo("ch_" + rig.arrival("first").id() + "_onSuccess_0");
  }

  @Test
  void what_cannot_be_followed_is_told_and_harms_nothing_else() {
    task("notify", Map.of("url", "https://x.example/{{id}}"), "id");
    answers("plain text");
    Engine engine = rig.start();
    engine.jobs().create(waiting("next", Map.of()));
    engine.jobs().create(waiting("gone", Map.of()));
    engine.jobs().cancel(JobId.of("gone"), OptionalLong.empty(), false);
    engine
        .jobs()
        .create(
            job(
                "first",
                Map.of(
                    "onSuccess",
                    List.of(
                        Map.of("job", "nobody"),
                        Map.of("job", "gone"),
                        Map.of("task", "nothing"),
                        Map.of(
                            "task",
                            "notify",
                            "parameters",
                            Map.of("id", "{{execution.response.id}}")),
                        Map.of("job", "next", "parameters", Map.of("id", "1")),
                        Map.of("job", "next")))));

    rig.arrival("next");

    assertThat(rig.followed(rig.arrival("first").id()))
        .extracting(Followed::code)
        .containsExactly(
            "job_unknown",
            "job_cancelled",
            "task_unknown",
            "link_value_missing",
            "parameters_without_task",
            null);
    assertThat(rig.engines.executionOf(JobId.of("first"))).isEqualTo("SUCCEEDED 1");
  }

  @Test
  void a_loop_ends_by_itself() {
    Engine engine = rig.start();
    engine.jobs().create(job("round", on("onSuccess", Map.of("job", "round"))));

    List<Firing> arrivals = rig.arrivals(all -> all.size() == Link.DEEPEST + 1);
    rig.quiet();

    assertThat(arrivals).hasSize(Link.DEEPEST + 1);
    assertThat(rig.followed(arrivals.get(Link.DEEPEST).id()))
        .extracting(Followed::code)
        .containsExactly("chain_too_deep");
  }

  @Test
  void a_run_of_a_paused_job_waits_for_its_resume() {
    Engine engine = rig.start();
    engine.jobs().create(waiting("next", Map.of()));
    engine.jobs().pause(NEXT, null, null);
    engine.jobs().create(job("first", on("onSuccess", Map.of("job", "next"))));
    rig.followed(rig.arrival("first").id());

    assertThat(rig.engines.executionOf(NEXT)).isEqualTo("QUEUED 0");
    engine.jobs().resume(NEXT);

    assertThat(rig.arrival("next").attempt()).isEqualTo(1);
  }

  @Test
  void a_run_of_a_job_of_a_task_gets_other_parameters() {
    task("notify", Map.of("url", "https://x.example/{{id}}"), "id");
    answers("{\"n\": \"7\"}");
    Engine engine = rig.start();
    engine
        .jobs()
        .create(waiting("next", Map.of("task", "notify", "parameters", Map.of("id", "0"))));
    engine
        .jobs()
        .create(
            job(
                "first",
                on(
                    "onSuccess",
                    Map.of(
                        "job", "next", "parameters", Map.of("id", "{{execution.response.n}}")))));

    Firing next = rig.arrival("next");

    assertThat(next.overrides()).containsKeys("target", "parameters", "chain");
    assertThat(next.overrides().get("target").toString()).contains("https://x.example/7");
  }
}
