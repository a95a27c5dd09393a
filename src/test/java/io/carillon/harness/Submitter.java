package io.carillon.harness;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Creates jobs at a bounded rate, over several nodes in turn, and keeps what each submission came
 * to. Submissions are never repeated. The random numbers that shape the jobs come from the seed.
 * Thread-safe; closing ends its threads.
 */
public final class Submitter implements AutoCloseable {
  private static final int LANES = 8;

  private final List<JsonApi> nodes;
  private final RandomGenerator random;
  private final int perSecond;
  private final InstantSource clock = InstantSource.system();
  private final Queue<Submission> submissions = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turns = new AtomicInteger();
  private final ScheduledExecutorService lanes;

  /**
   * The job that goes with a mark; the mark must be sent in the target's body, see {@link #job}.
   */
  public interface Draft {
    Map<String, ?> job(String tag, RandomGenerator random);
  }

  public Submitter(List<JsonApi> nodes, int perSecond, long seed) {
    this.nodes = List.copyOf(nodes);
    this.perSecond = perSecond;
    this.random = new Random(seed);
    AtomicInteger threads = new AtomicInteger();
    this.lanes =
        Executors.newScheduledThreadPool(
            LANES,
            work -> {
              Thread thread = new Thread(work, "submitter-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A canonical job that posts its mark to the URL. */
  public static Map<String, ?> job(String tag, String url, Map<String, ?> schedule) {
    return Map.of(
        "target",
        Map.of("type", "http", "method", "POST", "url", url, "body", Map.of("tag", tag)),
        "schedule",
        schedule);
  }

  public static Map<String, ?> after(Duration delay) {
    return Map.of("type", "delay", "delay", delay.toString());
  }

  public static Map<String, ?> everyFiveSeconds() {
    return Map.of("type", "cron", "cron", "*/5 * * * * ?", "timeZone", "UTC");
  }

  /**
   * Starts so many submissions, evenly spread by the rate, and returns at once.
   *
   * @return counted down to zero when all have been answered or given up
   */
  public CountDownLatch begin(int count, Draft draft) {
    CountDownLatch open = new CountDownLatch(count);
    for (int n = 0; n < count; n++) {
      String tag = "t" + turns.incrementAndGet();
      Map<String, ?> job = draft.job(tag, random);
      JsonApi node = nodes.get(turns.get() % nodes.size());
      lanes.schedule(
          () -> {
            try {
              submissions.add(submit(node, tag, job));
            } finally {
              open.countDown();
            }
          },
          n * 1_000_000L / perSecond,
          TimeUnit.MICROSECONDS);
    }
    return open;
  }

  /** As {@link #begin}, and waits for the end. */
  public void submit(int count, Draft draft, Duration limit) throws InterruptedException {
    if (!begin(count, draft).await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "Of %d submissions only %d ended within %s".formatted(count, submissions.size(), limit));
    }
  }

  public List<Submission.Acknowledged> acknowledged() {
    return of(Submission.Acknowledged.class);
  }

  public List<Submission.Refused> refused() {
    return of(Submission.Refused.class);
  }

  public List<Submission.Unknown> unknown() {
    return of(Submission.Unknown.class);
  }

  @Override
  public void close() {
    lanes.shutdownNow();
  }

  private Submission submit(JsonApi node, String tag, Map<String, ?> job) {
    try {
      Answer answer = node.post("/api/v1/jobs", job);
      Instant at = clock.instant();
      return answer.status() == 201
          ? new Submission.Acknowledged(tag, answer.text("id"), at)
          : new Submission.Refused(tag, answer.status(), answer.text());
    } catch (UncheckedIOException fault) {
      return new Submission.Unknown(tag, String.valueOf(fault.getCause()));
    }
  }

  private <T extends Submission> List<T> of(Class<T> kind) {
    return submissions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
