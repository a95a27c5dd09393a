package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.Job;
import io.carillon.job.JobScheduler;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.quartz.LostCommits.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Creations whose connection is killed: whoever is answered has his job once, and only once. */
@Timeout(60)
class LostCreationTest {
  private final LostCommits commits = new LostCommits();
  private EngineRig rig;
  private JobScheduler jobs;

  @BeforeEach
  void start() {
    rig = new EngineRig().through(commits::around);
    Engine engine = rig.start();
    engine.hold();
    jobs = engine.jobs();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void a_job_is_stored_once_wherever_its_transaction_is_lost(Ending ending) {
    Job job = later();
    commits.lose(ending);

    StoredJob stored = jobs.create(job);

    assertThat(commits.lost()).isEqualTo(1);
    assertThat(stored.id()).isEqualTo(job.id());
    assertThat(ids("SELECT id FROM job")).containsExactly(job.id().value());
    assertThat(ids("SELECT JOB_NAME FROM QRTZ_JOB_DETAILS")).containsExactly(job.id().value());
    assertThat(ids("SELECT JOB_NAME FROM QRTZ_TRIGGERS")).containsExactly(job.id().value());
    assertThat(ids("SELECT TRIGGER_NAME FROM QRTZ_SIMPLE_TRIGGERS")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_batch_is_stored_once_wherever_its_transaction_is_lost(Ending ending) {
    List<Job> batch = Stream.generate(LostCreationTest::later).limit(20).toList();
    commits.lose(ending);

    List<Created> created = jobs.createAll(batch, false);

    assertThat(commits.lost()).isEqualTo(1);
    assertThat(created).extracting(Created::id).isEqualTo(batch.stream().map(Job::id).toList());
    assertThat(created).extracting(Created::stored).allMatch(Objects::nonNull);
    assertThat(ids("SELECT id FROM job")).hasSize(20).doesNotHaveDuplicates();
    assertThat(ids("SELECT JOB_NAME FROM QRTZ_TRIGGERS")).hasSize(20).doesNotHaveDuplicates();
  }

  /** The one that is there says nothing of the others. */
  @ParameterizedTest
  @EnumSource
  void a_batch_with_a_taken_id_is_stored_once_wherever_its_transaction_is_lost(Ending ending) {
    Job there = later();
    jobs.create(there);
    Job one = later();
    Job other = later();
    commits.lose(ending);

    List<Created> created = jobs.createAll(List.of(one, there, other), false);

    assertThat(commits.lost()).isEqualTo(1);
    assertThat(created.get(0).stored()).isNotNull();
    assertThat(created.get(2).stored()).isNotNull();
    assertThat(ids("SELECT id FROM job"))
        .containsExactlyInAnyOrder(one.id().value(), there.id().value(), other.id().value());
  }

  private static Job later() {
    return Job.of(Samples.newId(), new Target.Noop(), Samples.in(Duration.ofHours(1)));
  }

  private List<String> ids(String sql) {
    return rig.query(sql, row -> row.getString(1));
  }
}
