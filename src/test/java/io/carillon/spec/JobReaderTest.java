package io.carillon.spec;

import static io.carillon.spec.ReaderRig.ID;
import static io.carillon.spec.ReaderRig.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.CatchUp;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs as they are read: defaults for what was left out, and what a change or an answer brings. */
class JobReaderTest {
  private final ReaderRig read = new ReaderRig();

  @Test
  void a_target_alone_is_a_job_with_all_defaults() {
    Job job = read.job("{" + TARGET + "}");

    Target target =
        new Target.Http("POST", "https://x.example/", Map.of(), null, Duration.ofSeconds(30));
    assertThat(job).isEqualTo(Job.of(ID, target, new Schedule.Now(Limits.NONE)));
    assertThat(job.policies().overlap()).isEqualTo(Overlap.ALLOW);
    assertThat(read.warnings(job)).isEmpty();
  }

  @Test
  void what_an_answer_shows_can_be_sent_back() {
    Job job =
        read.job(
            "{"
                + TARGET
                + ", \"id\": \"j1\", \"state\": \"ACTIVE\", \"nextFireTime\": null, \"version\": 3,"
                + " \"warnings\": [], \"createdAt\": \"x\", \"updatedAt\": \"x\", \"generation\": 1,"
                + " \"runs\": 4}");

    assertThat(job.id()).isEqualTo(ID);
  }

  @Test
  void null_counts_as_absent() {
    assertThat(
            read.job(
                "{"
                    + TARGET
                    + ", \"name\": null, \"queue\": null, \"labels\": null, \"schedule\": null,"
                    + " \"retry\": null, \"catchUp\": null, \"overlap\": null, \"callback\": null}"))
        .isEqualTo(read.job("{" + TARGET + "}"));
  }

  @Test
  void recurring_jobs_skip_overlaps_and_may_say_otherwise() {
    assertThat(read.job(ReaderRig.cron("")).policies().overlap()).isEqualTo(Overlap.SKIP);
    assertThat(read.job(ReaderRig.cron(", \"overlap\": \"ALLOW\"")).policies().overlap())
        .isEqualTo(Overlap.ALLOW);
    assertThat(
            read.job(ReaderRig.cron(", \"catchUp\": {\"window\": \"PT2H\"}")).policies().catchUp())
        .isEqualTo(
            new CatchUp(
                CatchUp.Policy.FIRE_ONCE, Duration.ofSeconds(60), Duration.ofHours(2), 100));
  }

  @Test
  void a_retry_of_which_only_a_part_is_said_has_the_defaults_for_the_rest() {
    assertThat(retry("\"maxAttempts\": 3"))
        .isEqualTo(RetryPolicy.exponential(3, Duration.ofSeconds(2)));
    assertThat(retry("\"backoff\": \"FIXED\", \"maxAttempts\": 2, \"initial\": \"PT1S\""))
        .isEqualTo(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
    assertThat(retry("\"initial\": \"PT1H\"").max()).isEqualTo(Duration.ofHours(1));
    assertThat(retry("\"max\": \"PT1S\"").initial()).isEqualTo(Duration.ofSeconds(1));
    assertThat(retry("\"backoff\": \"LIST\", \"delays\": [\"PT1S\"]").backoff())
        .isEqualTo(Backoff.LIST);
  }

  private RetryPolicy retry(String members) {
    return read.job("{" + TARGET + ", \"retry\": {" + members + "}}").policies().retry();
  }
}
