package io.carillon.quartz;

import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.history.JobQueries;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Jobs.Filter;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One act on many jobs. */
class ManyJobsTest {
  @AutoClose private final EngineRig rig = new EngineRig();

  private static Job job(String team, Duration in) {
    return SampleJob.noop(newId(), Samples.in(in))
        .retry(RetryPolicy.none())
        .labels(Map.of("team", team, "kind", "night"))
        .build();
  }

  @Test
  void jobs_with_a_label_are_paused_and_resumed_together() {
    Engine engine = rig.start();
    JobQueries queries = new JobQueries(rig.database.dataSource(), rig.codec, engine.nextFires());
    List<Job> shop = Stream.generate(() -> job("shop", Duration.ofHours(1))).limit(60).toList();
    Job other = job("mail", Duration.ofHours(1));
    engine.jobs().createAll(shop, true);
    engine.jobs().create(other);
    JobId own = shop.get(0).id();
    engine.jobs().pause(own, "its own", null);
    Filter active = filter(JobState.ACTIVE);

    List<JobId> found = queries.select(active, 1_000);
    assertThat(found).hasSize(59).doesNotContain(other.id());
    assertThat(queries.select(active, 7)).hasSize(7);
    List<JobId> paused = engine.jobs().pauseAll(found, "stock-taking", null);

    assertThat(paused).containsExactlyInAnyOrderElementsOf(found);
    assertThat(triggers("PAUSED")).isEqualTo("60");
    assertThat(triggers("WAITING")).isEqualTo("1");
    assertThat(rig.one("SELECT pause_reason FROM job WHERE id = ?", own.value()))
        .isEqualTo("its own");
    assertThat(engine.jobs().pauseAll(found, null, null)).isEmpty();

    assertThat(engine.jobs().resumeAll(queries.select(filter(JobState.PAUSED), 1_000))).hasSize(60);
    assertThat(triggers("WAITING")).isEqualTo("61");
    assertThat(rig.one("SELECT COUNT(*) FROM job WHERE state = 'ACTIVE'")).isEqualTo("61");
  }

  private String triggers(String state) {
    return rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = ?", state);
  }

  private static Filter filter(JobState state) {
    return new Filter("default", state, null, null, null, Map.of("team", "shop", "kind", "night"));
  }
}
