package io.carillon.quartz;

import static io.carillon.quartz.Samples.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Followed;
import io.carillon.execution.Following;
import io.carillon.following.FollowerTable;
import io.carillon.following.Followers;
import io.carillon.following.GroupedJobs;
import io.carillon.history.LinkedRunRows;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** An engine in which things follow each other, with a catalogue of tasks in memory. */
final class FollowingRig implements AutoCloseable {
  /** Refuses nothing. */
  static final TargetRules ANY_TARGET =
      new TargetRules() {
        @Override
        public List<Broken> url(String url) {
          return List.of();
        }

        @Override
        public List<Broken> headers(Map<String, String> headers) {
          return List.of();
        }
      };

  final EngineRig engines = new EngineRig();
  final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();
  final Following following =
      new Followers(new LinkedRunRows(), (connection, ids) -> tasks, ANY_TARGET);

  FollowingRig() {
    engines.following = following;
    engines.around = GroupedJobs::new;
  }

  Engine start() {
    return engines.start();
  }

  /** A job that is due now, with these fields of its definition. */
  static Job job(String id, Map<String, Object> fields) {
    return job(id, fields, RetryPolicy.none());
  }

  static Job job(String id, Map<String, Object> fields, RetryPolicy retry) {
    return SampleJob.noop(JobId.of(id), Samples.now()).retry(retry).options(fields).build();
  }

  /** A job that is due in an hour. */
  static Job waiting(String id, Map<String, Object> fields) {
    return SampleJob.noop(JobId.of(id), Samples.in(Duration.ofHours(1))).options(fields).build();
  }

  /** What arrived, once it is so. */
  List<Firing> arrivals(Predicate<List<Firing>> enough) {
    await().atMost(PATIENCE).until(() -> enough.test(engines.target.arrivals()));
    return engines.target.arrivals();
  }

  /** The only call of a job, once it is there. */
  Firing arrival(String job) {
    await().atMost(PATIENCE).until(() -> !engines.target.arrivalsOf(JobId.of(job)).isEmpty());
    return engines.target.arrivalsOf(JobId.of(job)).get(0);
  }

  /** What followed an execution, once anything did. */
  List<Followed> followed(ExecutionId id) {
    FollowerTable table =
        new FollowerTable(
            engines.database.dataSource(), Duration.ofDays(1), InstantSource.system());
    await().atMost(PATIENCE).until(() -> !table.of(JobId.DEFAULT_NAMESPACE, id).isEmpty());
    return table.of(JobId.DEFAULT_NAMESPACE, id);
  }

  /** Until nothing runs or is due any more. */
  void quiet() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                engines.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS").equals("0")
                    && engines
                        .one(
                            "SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE NEXT_FIRE_TIME < ?",
                            System.currentTimeMillis() + 60_000)
                        .equals("0"));
  }

  @Override
  public void close() {
    engines.close();
  }
}
