package io.carillon.quartz;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.RetryPolicy;
import io.carillon.job.SampleJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Several engines on one database, whose target counts how many calls there are at once. */
final class LimitsRig implements AutoCloseable {
  static final String QUEUE = "narrow";

  final EngineRig rig = new EngineRig();
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
  private final CountDownLatch pause = new CountDownLatch(1);
  private final Semaphore gate = new Semaphore(0);
  private final List<Long> times = new CopyOnWriteArrayList<>();
  private volatile boolean gated;
  private volatile Duration length = Duration.ofMillis(20);

  LimitsRig() {
    rig.target.answers(this::answer);
  }

  /** How long each call takes. */
  LimitsRig calls(Duration takes) {
    length = takes;
    return this;
  }

  /** Each call waits until it is let go. */
  LimitsRig gated() {
    gated = true;
    return this;
  }

  void letGo(int calls) {
    gate.release(calls);
  }

  private Outcome answer(Firing firing) {
    times.add(System.nanoTime() / 1_000_000);
    String queue = firing.job().queue();
    int now = running.computeIfAbsent(queue, key -> new AtomicInteger()).incrementAndGet();
    most.computeIfAbsent(queue, key -> new AtomicInteger()).accumulateAndGet(now, Math::max);
    try {
      if (gated) {
        gate.tryAcquire(20, TimeUnit.SECONDS);
      } else {
        pause.await(length.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.get(queue).decrementAndGet();
    return new Outcome.Succeeded(200, null);
  }

  /** The most calls of a queue that there were at once. */
  int most(String queue) {
    return most.getOrDefault(queue, new AtomicInteger()).get();
  }

  int running(String queue) {
    return running.getOrDefault(queue, new AtomicInteger()).get();
  }

  void set(Engine engine, QueueSettings settings) {
    engine.queues().put(JobId.DEFAULT_NAMESPACE, QUEUE, settings, null, OptionalLong.empty());
  }

  static QueueSettings cap(int most) {
    return new QueueSettings(most, null, null);
  }

  /** A job of the limited queue that is due now. */
  static SampleJob job() {
    return SampleJob.noop(Samples.newId(), Samples.now()).retry(RetryPolicy.none()).queue(QUEUE);
  }

  /** Jobs of the limited queue that are due now. */
  static List<Job> jobs(int count) {
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      jobs.add(job().build());
    }
    return jobs;
  }

  /** When calls came, by the monotonic clock, in milliseconds. */
  List<Long> times() {
    return times;
  }

  int arrivals(String queue) {
    return (int) rig.target.arrivals().stream().filter(f -> f.job().queue().equals(queue)).count();
  }

  int count(String table) {
    return Integer.parseInt(rig.one("SELECT COUNT(*) FROM " + table));
  }

  /** A gate was set: whatever waits for a host is looked at. */
  void wakeHosts() {
    rig.update("UPDATE lane SET ready_at = 0 WHERE kind = 'HOST'");
  }

  int held() {
    return Integer.parseInt(
        rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'HELD'"));
  }

  @Override
  public void close() {
    pause.countDown();
    gate.release(100_000);
    rig.close();
  }
}
