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
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.SampleJob;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower that the database refuses, or that cannot even be made, among sound ones. */
class BadFollowerTest {
  private static final Map<String, Object> LINK =
      Map.of("onSuccess", List.of(Map.of("job", "next")));

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
                new NewJob(
                    new Cause("default", ((ExecutionId) id).value(), "onSuccess/1"), tooLong));
          }
        });
    return followers;
  }

  @Test
  void the_end_of_each_execution_is_recorded_and_the_sound_ones_are_followed() {
    Engine engine = rig.start();
    engine.jobs().create(waiting("next", Map.of()));
    List<Job> jobs = new ArrayList<>();
    for (String name : List.of("thrown", "refused", "sound")) {
      IntStream.range(0, 5).forEach(i -> jobs.add(job(name + i, LINK)));
    }

    engine.jobs().createAll(jobs, true);
    rig.arrivals(all -> all.size() >= 20);
    rig.quiet();

    assertThat(rig.engines.target.arrivalsOf(JobId.of("next"))).hasSize(5);
    for (Job job : jobs) {
      assertThat(rig.engines.executionOf(job.id())).isEqualTo("SUCCEEDED 1");
      List<String> codes =
          rig.followed(rig.arrival(job.id().value()).id()).stream()
              .map(Followed::code)
              .map(code -> Objects.requireNonNullElse(code, "followed"))
              .toList();
      boolean sound = job.id().value().startsWith("sound");
      assertThat(codes).containsExactly(sound ? "followed" : "internal");
    }
  }
}
