package io.carillon.quartz;

import static io.carillon.quartz.FollowingRig.job;
import static io.carillon.quartz.FollowingRig.waiting;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Target;
import io.carillon.job.Task;
import io.carillon.job.Task.Parameter;
import io.carillon.job.Task.Type;
import io.carillon.job.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that starts when all of several are done, through real engines and a database. */
class GroupTest {
  private static final TaskId SUM = TaskId.of("sum");
  private static final Map<String, Object> FIELDS =
      Map.of(
          "group",
          "night",
          "onGroupComplete",
          List.of(
              Map.of(
                  "task",
                  "sum",
                  "parameters",
                  Map.of(
                      "text",
                      "{{group.name}}: {{group.succeeded}} of {{group.total}}, "
                          + "{{group.failed}} failed, {{group.cancelled}} cancelled"))));

  @AutoClose private final FollowingRig rig = new FollowingRig();

  @BeforeEach
  void task() {
    rig.tasks.put(
        SUM,
        new Task(
            SUM,
            null,
            Map.of("type", "log", "message", "{{text}}"),
            Map.of("text", new Parameter(Type.STRING, true, null, null)),
            null,
            null));
  }

  private String sums() {
    List<String> told = new ArrayList<>();
    for (Firing firing : rig.engines.target.arrivals()) {
      if (firing.job().target() instanceof Target.Log log) {
        told.add(log.message());
      }
    }
    return String.join("; ", told);
  }

  @Test
  void the_last_of_many_on_two_nodes_starts_what_follows_once() {
    rig.engines.target.answers(
        firing ->
            firing.job().id().value().endsWith("7")
                ? new Failed("HTTP_500", "no", 500, null, null)
                : new Succeeded(200, null));
    Engine engine = rig.start();
    rig.start();
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      jobs.add(job("j" + i, FIELDS));
    }

    engine.jobs().createAll(jobs, true);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.tendGroups();
              return !sums().isEmpty();
            });
    rig.quiet();

    assertThat(sums()).isEqualTo("night: 54 of 60, 6 failed, 0 cancelled");
    for (String table : Set.of("job_group", "group_member", "group_link")) {
      assertThat(rig.engines.one("SELECT COUNT(*) FROM " + table)).as(table).isEqualTo("0");
    }
  }

  @Test
  void a_cancelled_job_counts_and_a_waiting_one_holds_the_group() {
    Engine engine = rig.start();
    engine
        .jobs()
        .createAll(List.of(job("a", FIELDS), waiting("b", FIELDS), waiting("c", FIELDS)), true);
    rig.arrival("a");
    rig.quiet();
    assertThat(sums()).isEmpty();

    engine.jobs().cancel(JobId.of("b"), OptionalLong.empty(), false);
    rig.quiet();
    assertThat(sums()).isEmpty();
    engine.jobs().cancel(JobId.of("c"), OptionalLong.empty(), false);

    await().atMost(PATIENCE).until(() -> !sums().isEmpty());
    assertThat(sums()).isEqualTo("night: 1 of 3, 0 failed, 2 cancelled");
  }

  @Test
  void the_same_name_again_is_another_round() {
    Engine engine = rig.start();
    engine.jobs().create(job("a", FIELDS));
    await().atMost(PATIENCE).until(() -> !sums().isEmpty());

    engine.jobs().create(job("b", FIELDS));

    await().atMost(PATIENCE).until(() -> sums().contains(";"));
    assertThat(sums())
        .isEqualTo("night: 1 of 1, 0 failed, 0 cancelled; night: 1 of 1, 0 failed, 0 cancelled");
  }

  @Test
  void a_job_that_is_over_without_an_end_of_its_own_leaves_its_group() {
    Engine engine = rig.start();
    engine.jobs().createAll(List.of(waiting("a", FIELDS), waiting("b", FIELDS)), true);
    rig.engines.update("UPDATE job SET state = 'COMPLETED' WHERE id = ?", "a");
    engine.jobs().cancel(JobId.of("b"), OptionalLong.empty(), false);
    assertThat(sums()).isEmpty();

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              engine.tendGroups();
              return !sums().isEmpty();
            });

    assertThat(sums()).isEqualTo("night: 0 of 2, 0 failed, 2 cancelled");
  }

  @Test
  void links_beyond_those_that_are_followed_are_told() {
    List<Map<String, Object>> links = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      links.add(Map.of("job", "nobody-" + i));
    }
    List<Map<String, Object>> others = new ArrayList<>();
    for (int i = 20; i < 40; i++) {
      others.add(Map.of("job", "nobody-" + i));
    }
    Engine engine = rig.start();
    Map<String, Object> one = Map.of("group", "many", "onGroupComplete", links);
    Map<String, Object> other = Map.of("group", "many", "onGroupComplete", others);

    engine.jobs().createAll(List.of(job("a", one), job("b", other)), true);

    await()
        .atMost(PATIENCE)
        .until(() -> rig.engines.one("SELECT COUNT(*) FROM follower").equals("33"));
    assertThat(
            rig.engines.one(
                "SELECT CONCAT(place, ' ', detail) FROM follower WHERE code = ?", "links_too_many"))
        .isEqualTo(
            "onGroupComplete/32 the jobs of group 'many' name 8 links more than the 32 that are"
                + " followed");
  }
}
