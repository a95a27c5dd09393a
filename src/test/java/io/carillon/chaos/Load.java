package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.harness.Disturbance;
import io.carillon.harness.JsonApi;
import io.carillon.harness.Submitter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the nodes have to do while something breaks: one-time jobs at a rate, created all the while
 * and due within three seconds, some in a queue with a cap and some followed by a task (see {@link
 * Extras}), beside jobs that recur every five seconds. While two seconds' worth of creations has
 * not been answered, no more are begun. For one test thread; closing ends its threads.
 */
final class Load implements AutoCloseable {
  static final Duration BEAT = Duration.ofSeconds(5);

  /**
   * Longer than the key of a request stays in use after the deaths of two nodes that had it, one
   * after the other.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int PER_SECOND = 200;
  private static final int RECURRING = 300;
  private static final Duration PORTION = Duration.ofMillis(500);
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final ProxiedCluster cluster;
  private final Submitter oneTime;
  private final Submitter recurring;
  private final Answering answering;
  private final Duration patience;
  private final ScheduledExecutorService portions = Executors.newSingleThreadScheduledExecutor();
  // Added to by the portions' thread, until it has ended.
  private final List<CountDownLatch> open = new ArrayList<>();
  // Of the test's thread.
  private Instant from = Instant.EPOCH;
  private Instant to = Instant.EPOCH;

  /**
   * What the one-time jobs call.
   *
   * @param path at the target
   * @param length how long it takes to answer
   */
  record Answering(String path, Duration length) {
    static final Answering AT_ONCE = new Answering("/ok", Duration.ZERO);

    static Answering after(int millis) {
      return new Answering("/slow?ms=" + millis, Duration.ofMillis(millis));
    }
  }

  private Load(
      ProxiedCluster cluster,
      List<JsonApi> entrances,
      Answering answering,
      long seed,
      Duration patience) {
    this.cluster = cluster;
    this.answering = answering;
    this.patience = patience;
    this.oneTime = Submitter.patient(entrances, PER_SECOND, seed, patience);
    this.recurring = Submitter.patient(entrances, PER_SECOND * 10, seed + 1, PATIENCE);
  }

  /** 200 one-time jobs a second and 300 recurring ones, through all nodes. */
  static Load on(ProxiedCluster cluster, Answering answering, long seed) throws Exception {
    return on(cluster, cluster.apis(), answering, seed).begin(PER_SECOND, RECURRING);
  }

  /** The same through some nodes only; nothing begins yet. */
  static Load on(ProxiedCluster cluster, List<JsonApi> entrances, Answering answering, long seed) {
    return new Load(cluster, entrances, answering, seed, PATIENCE);
  }

  /** The same through all nodes, with one-time jobs that are given up after so long. */
  static Load impatient(ProxiedCluster cluster, Answering answering, long seed, Duration patience) {
    return new Load(cluster, cluster.apis(), answering, seed, patience);
  }

  /**
   * Begins with some one-time jobs, since JVMs that have just started are slow, then creates the
   * recurring ones and goes on as fast as it is to be.
   */
  Load begin(int perSecond, int recurringJobs) throws Exception {
    Extras.prepare(cluster);
    Submitter.Draft draft = Extras.with(Verdict.within(cluster, answering.path(), 3_000));
    AtomicInteger slower = new AtomicInteger(4);
    int portion = (int) (perSecond * PORTION.toMillis() / 1_000);
    portions.scheduleAtFixedRate(
        () -> {
          if (unanswered() < 2L * perSecond) {
            open.add(oneTime.begin(Math.max(1, portion / slower.get()), draft));
          }
        },
        0,
        PORTION.toMillis(),
        TimeUnit.MILLISECONDS);
    Verdict.rest(WARM_UP);
    recurring.submitInBatches(
        recurringJobs,
        100,
        (tag, random) ->
            Submitter.everyOneOf(
                Submitter.job(
                    tag, cluster.recurringTarget().url("/ok"), Submitter.everyFiveSeconds())),
        PATIENCE);
    assertThat(recurring.acknowledged()).as(cluster.story()).hasSize(recurringJobs);
    from = Instant.now();
    slower.set(1);
    return this;
  }

  private long unanswered() {
    open.removeIf(latch -> latch.getCount() == 0);
    return open.stream().mapToLong(CountDownLatch::getCount).sum();
  }

  /** Waits until so many more one-time calls have arrived. */
  void awaitCalls(int more) {
    int enough = cluster.target().ledger().size() + more;
    Verdict.soon(Duration.ofSeconds(30)).until(() -> cluster.target().ledger().size() >= enough);
  }

  /** Creates no more, and waits until each submission was accepted or given up. */
  void end() throws InterruptedException {
    portions.shutdown();
    assertThat(portions.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    for (CountDownLatch each : open) {
      Verdict.ended(each, patience.plusSeconds(12));
    }
    to = Instant.now().minus(Verdict.IN_TIME);
  }

  /** Ends, and judges: see {@link Judgement#of}. */
  Judgement judge(String fault, List<Disturbance> faults, Judgement.Limits limits)
      throws Exception {
    end();
    return Judgement.of(fault, this, faults, limits);
  }

  ProxiedCluster cluster() {
    return cluster;
  }

  Submitter oneTime() {
    return oneTime;
  }

  Submitter recurring() {
    return recurring;
  }

  /** One-time jobs accepted per second. */
  long perSecond() {
    return oneTime.acknowledged().size() / Math.max(1, Duration.between(from, to).toSeconds());
  }

  Duration longestAnswer() {
    return answering.length();
  }

  /** Every beat after this instant must have been met. */
  Instant from() {
    return from;
  }

  /** Every beat up to this instant must have been met. */
  Instant to() {
    return to;
  }

  @Override
  public void close() throws IOException {
    portions.shutdownNow();
    oneTime.close();
    recurring.close();
  }
}
