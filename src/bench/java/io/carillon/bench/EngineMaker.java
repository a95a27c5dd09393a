package io.carillon.bench;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Priority;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Creates one-time jobs at the engine itself, without HTTP. Thread-safe.
 *
 * @param due when all of them fall due
 */
record EngineMaker(JobScheduler scheduler, Instant due) {

  /**
   * @param size jobs in a call; 1 takes the call that creates one job
   */
  Slices.Created create(int jobs, int callers, int size) {
    Slices.Caller caller = size == 1 ? (from, to) -> scheduler.create(job()) : this::batch;
    return Slices.create("engine-maker", jobs, size, callers, lane -> caller);
  }

  private void batch(int from, int to) {
    List<Job> jobs = IntStream.range(from, to).mapToObj(n -> job()).toList();
    for (JobScheduler.Created created : scheduler.createAll(jobs, false)) {
      if (created.stored() == null) {
        throw new BenchFault("The id " + created.id() + " was taken");
      }
    }
  }

  private Job job() {
    Schedule at = new Schedule.At(due, null, false, null, null, Limits.NONE);
    return new Job(
        JobId.create(JobId.DEFAULT_NAMESPACE, Pause.now()),
        null,
        null,
        Job.DEFAULT_QUEUE,
        Priority.NORMAL,
        Map.of(),
        new Target.Noop(),
        at,
        Job.Policies.defaults(false),
        Map.of(),
        Origin.CANONICAL);
  }
}
