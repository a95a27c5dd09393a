package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.Dedup.Mode;
import io.carillon.job.Job;
import io.carillon.job.JobScheduler;
import io.carillon.job.Schedule;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A definition that comes under the id of another job brings its secret headers along. */
class DedupSecretsTest {
  private static final Schedule LATER = Samples.in(Duration.ofHours(1));

  @AutoClose private final EngineRig rig = new EngineRig();

  @BeforeEach
  void reseal() {
    rig.resealing =
        (from, to, header, encrypted) ->
            encrypted.equals("for " + from.value()) ? "for " + to.value() : "unreadable";
  }

  private static Job secret(Mode mode) {
    Job job = Keyed.dedup("key", mode, null, LATER);
    return job.withTarget(
        new Target.Http(
            "POST",
            "https://x.example/",
            Map.of(),
            null,
            Target.Http.DEFAULT_TIMEOUT,
            null,
            Map.of("X-Key", "for " + job.id().value())));
  }

  private static Map<String, String> headers(Job job) {
    return ((Target.Http) job.target()).secretHeaders();
  }

  @Test
  void they_open_for_the_job_that_is_replaced() {
    JobScheduler jobs = rig.start().jobs();
    StoredJob first = jobs.create(secret(Mode.REPLACE));

    StoredJob replaced = Objects.requireNonNull(jobs.submit(secret(Mode.REPLACE)).met()).job();

    assertThat(replaced.id()).isEqualTo(first.id());
    assertThat(headers(replaced.job())).containsEntry("X-Key", "for " + first.id().value());
  }

  @Test
  void they_open_for_the_first_of_a_batch() {
    JobScheduler jobs = rig.start().jobs();
    List<Job> both = List.of(secret(Mode.REPLACE), secret(Mode.REPLACE));

    StoredJob stored = Objects.requireNonNull(jobs.createAll(both, true).get(0).stored());

    assertThat(headers(stored.job())).containsEntry("X-Key", "for " + both.get(0).id().value());
  }
}
