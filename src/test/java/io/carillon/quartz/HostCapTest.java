package io.carillon.quartz;

import static io.carillon.quartz.LimitsRig.QUEUE;
import static io.carillon.quartz.Samples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What jobs allow at once towards a host. */
class HostCapTest {
  private static final String SHOP = "http://shop.example/";

  @AutoClose private final LimitsRig limits = new LimitsRig();

  private static Job job(String queue, String url, int perHost) {
    return job(JobId.DEFAULT_NAMESPACE, queue, url, perHost);
  }

  private static Job job(String namespace, String queue, String url, int perHost) {
    return SampleJob.noop(new JobId(namespace, Samples.newId().value()), Samples.now())
        .retry(RetryPolicy.none())
        .queue(queue)
        .calls(url)
        .options(Map.of("concurrency", Map.of("perHost", perHost)))
        .build();
  }

  private int arrived() {
    return limits.rig.target.arrivals().size();
  }

  private boolean waiting(int count) {
    return limits
        .rig
        .one("SELECT COUNT(*) FROM held WHERE kind = 'JOBS_HOST' AND lane = 'shop.example'")
        .equals(Integer.toString(count));
  }

  @Test
  void so_many_of_all_jobs_towards_one_host_and_no_more() {
    limits.gated();
    Engine engine = limits.rig.start();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      jobs.add(job("queue" + n % 2, SHOP + n, 2));
    }
    jobs.add(job(QUEUE, "http://other.example/", 2));
    jobs.add(LimitsRig.job().calls(SHOP).build());
    jobs.add(job("another", QUEUE, SHOP, 2));

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE).until(() -> arrived() == 5 && waiting(4));
    assertThat(limits.running("queue0") + limits.running("queue1")).isEqualTo(2);
    assertThat(limits.running(QUEUE)).isEqualTo(3);
    limits.letGo(9);
    await().atMost(PATIENCE).until(() -> arrived() == 9 && limits.count("permit") == 0);
  }

  @Test
  void each_job_by_its_own_number() {
    limits.gated();
    Engine engine = limits.rig.start();
    engine.jobs().createAll(List.of(job(QUEUE, SHOP, 3), job(QUEUE, SHOP, 3)), true);
    await().atMost(PATIENCE).until(() -> arrived() == 2);

    engine.jobs().create(job("careful", SHOP, 2));
    await().atMost(PATIENCE).until(() -> waiting(1));
    engine.jobs().create(job("late", SHOP, 3));

    await().atMost(PATIENCE).until(() -> waiting(2));
    limits.letGo(1);
    await().atMost(PATIENCE).until(() -> arrived() == 4);
    assertThat(limits.running("careful") + limits.running("late")).isEqualTo(2);
    limits.letGo(3);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0);
  }

  @Test
  void exactly_over_three_nodes() {
    limits.calls(Duration.ofMillis(30));
    Engine engine = limits.rig.start();
    limits.rig.start();
    limits.rig.start();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      jobs.add(job(QUEUE, SHOP + n, 4));
    }

    engine.jobs().createAll(jobs, true);

    await().atMost(PATIENCE.multipliedBy(2)).until(() -> arrived() == 120);
    assertThat(limits.most(QUEUE)).isEqualTo(4);
    await().atMost(PATIENCE).until(() -> limits.count("permit") == 0 && limits.count("held") == 0);
  }
}
