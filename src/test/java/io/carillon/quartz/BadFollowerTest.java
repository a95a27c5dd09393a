package io.carillon.quartz;

import static io.carillon.quartz.FollowingRig.job;
import static io.carillon.quartz.FollowingRig.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Followed;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.NewJob;
import io.carillon.execution.Following;
import io.carillon.harness.Gates;
import io.carillon.job.Delivery;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.SampleJob;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower that the database refuses, or that cannot even be made, among sound ones. */
class BadFollowerTest {
  private static final Map<String, Object> LINK =
      Map.of("onSuccess", List.of(Map.of("job", "next")));

  private static final Map<String, List<String>> EXPECTED =
      Map.of(
          "thrown",
          List.of("internal"),
          "refused",
          List.of("followed", "internal"),
          "sound",
          List.of("followed"));

  @AutoClose private final FollowingRig rig = new FollowingRig();

  @BeforeEach
  void spoil() {
    Following sound = rig.following;
    rig.engines.following =
        (Following)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Following.class},
                (proxy, method, values) -> {
                  try {
                    Object answer = method.invoke(sound, values);
                    return method.getName().equals("of")
                        ? spoiled((List<?>) answer, (Map<?, ?>) values[1])
                        : answer;
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  private static List<Follower> spoiled(List<?> answer, Map<?, ?> executions) {
    List<Follower> followers = new ArrayList<>();
    answer.forEach(follower -> followers.add((Follower) follower));
    executions.forEach(
        (id, of) -> {
          String job = ((Job) of).id().value();
          if (job.startsWith("thrown")) {
            throw new IllegalStateException("a follower that cannot be made");
          }
          if (job.startsWith("refused")) {
            Job tooLong =
                SampleJob.noop(JobId.of("bad-" + job), Samples.now())
                    .queue("q".repeat(300))
                    .build();
            followers.add(
                new NewJob(new Cause("default", ((ExecutionId) id).value(), "spoiled/1"), tooLong));
          }
        });
    return followers;
  }

  @Test
  void the_end_of_each_execution_is_recorded_and_all_that_is_sound_follows() {
    Engine engine = rig.start();
    engine.jobs().create(waiting("next", Map.of()));
    List<Job> jobs = new ArrayList<>();
    for (String name : List.of("thrown", "refused", "sound")) {
      IntStream.range(0, 5).forEach(i -> jobs.add(job(name + i, LINK)));
    }

    engine.jobs().createAll(jobs, true);
    rig.arrivals(all -> all.size() >= 25);
    rig.quiet();

    assertThat(rig.engines.target.arrivalsOf(JobId.of("next"))).hasSize(10);
    for (Job job : jobs) {
      assertThat(rig.engines.executionOf(job.id())).isEqualTo("SUCCEEDED 1");
      assertThat(codes(job)).containsExactlyElementsOf(EXPECTED.get(kind(job)));
    }
  }

  @Test
  void the_executions_of_a_dead_node_end_all_the_same() {
    CountDownLatch answered = new CountDownLatch(1);
    rig.engines.target.before(() -> Gates.pass(answered));
    Engine dead = rig.start();
    dead.jobs().create(waiting("next", Map.of()));
    Map<String, Object> link = Map.of("onFailure", List.of(Map.of("job", "next")));
    List<Job> jobs = new ArrayList<>();
    for (String name : List.of("thrown", "refused", "sound")) {
      JobId id = JobId.of(name);
      jobs.add(
          SampleJob.noop(id, Samples.now()).delivery(Delivery.AT_MOST_ONCE).options(link).build());
    }
    dead.jobs().createAll(jobs, true);
    rig.arrivals(all -> all.size() == 3);
    rig.engines.target.before(() -> {});
    String node = dead.lease().instanceName();

    rig.start();
    rig.engines.update("DELETE FROM node WHERE instance_name = ?", node);

    rig.arrivals(all -> all.size() == 5);
    for (Job job : jobs) {
      assertThat(rig.engines.executionOf(job.id())).isEqualTo("FAILED 1");
      assertThat(codes(job)).containsExactlyElementsOf(EXPECTED.get(kind(job)));
    }
    answered.countDown();
  }

  private static String kind(Job job) {
    return job.id().value().replaceAll("[0-9]", "");
  }

  /** By places. */
  private List<String> codes(Job job) {
    return rig.followed(rig.arrival(job.id().value()).id()).stream()
        .map(Followed::code)
        .map(code -> Objects.requireNonNullElse(code, "followed"))
        .toList();
  }
}
