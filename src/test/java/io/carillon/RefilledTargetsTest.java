package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Admission;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import io.carillon.spec.JobWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefilledTargetsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");
  private final List<Firing> called = new ArrayList<>();
  private final RefilledTargets targets =
      new RefilledTargets(
          new TargetCaller() {
            @Override
            public Optional<Outcome> call(Firing firing, Admission admission) {
              called.add(firing);
              return Optional.empty();
            }

            @Override
            public void cancel(ExecutionId id) {
              throw new AssertionError("nothing is cancelled here");
            }

            @Override
            public void cancelAll() {
              throw new AssertionError("nothing is cancelled here");
            }
          });

  private static Firing firing(Map<String, Object> overrides) {
    JobId id = JobId.of("j");
    Job job = Job.of(id, new Target.Log("own"), new Schedule.Now(Limits.NONE));
    return new Firing(
        ExecutionId.byHand(id, "k", NOW), job, 1, NOW, 2, 1, false, "node-1", NOW, overrides);
  }

  static Stream<Target> targets() {
    return Stream.of(
        new Target.Log("other"),
        new Target.Http(
            "POST",
            "https://x.example/",
            Map.of("A", "b"),
            new Target.Body(true, "{\"a\":[1.50,null]}"),
            Duration.ofSeconds(3)),
        new Target.Email(
            List.of("a@x.example"),
            List.of(),
            List.of(),
            null,
            null,
            "s",
            true,
            "<p>",
            Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_run_with_a_target_of_its_own_calls_that_one(Target target) {
    Map<String, Object> stored = new JobWriter().storeTarget(target);

    targets.call(firing(Map.of("target", stored, "body", "b")), () -> true);

    assertThat(called).singleElement().extracting(f -> f.job().target()).isEqualTo(target);
    assertThat(called.get(0).overrides()).isEqualTo(Map.of("body", "b"));
    assertThat(called.get(0).attempt()).isEqualTo(2);
  }

  @Test
  void any_other_firing_passes_as_it_is() {
    Firing plain = firing(Map.of("body", "b"));

    targets.call(plain, () -> true);

    assertThat(called).singleElement().isSameAs(plain);
  }
}
