package io.carillon.harness;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Creates jobs at a bounded rate, over several nodes in turn, and keeps what each submission came
 * to. As it is, it asks once. A {@link #patient} one does as a good client should: it sends an
 * {@code Idempotency-Key}, and repeats what was refused for now or not answered, at the next node,
 * until its patience ends. The random numbers that shape the jobs come from the seed. Thread-safe;
 * closing ends its threads.
 */
public final class Submitter implements AutoCloseable {
  private static final int LANES = 32;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final List<JsonApi> nodes;
  private final long seed;
  private final RandomGenerator random;
  private final int perSecond;
  private final Duration patience;
  private final InstantSource clock = InstantSource.system();
  private final Queue<Submission> submissions = new ConcurrentLinkedQueue<>();
  private final Queue<Submission.Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger turns = new AtomicInteger();
  private final ScheduledExecutorService lanes;

  /**
   * The job that goes with a mark; the mark must be sent in the target's body, see {@link #job}.
   */
  public interface Draft {
    Map<String, ?> job(String tag, RandomGenerator random);
  }

  /** Asks once for each job. */
  public Submitter(List<JsonApi> nodes, int perSecond, long seed) {
    this(nodes, perSecond, seed, Duration.ZERO);
  }

  private Submitter(List<JsonApi> nodes, int perSecond, long seed, Duration patience) {
    this.nodes = List.copyOf(nodes);
    this.perSecond = perSecond;
    this.seed = seed;
    this.random = new Random(seed);
    this.patience = patience;
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

  /** Repeats under one key what was not accepted, for so long. */
  public static Submitter patient(
      List<JsonApi> nodes, int perSecond, long seed, Duration patience) {
    return new Submitter(nodes, perSecond, seed, patience);
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

  /**
   * The same job, of whose occurrences none is skipped, however late, or however long the one
   * before it takes.
   */
  public static Map<String, ?> everyOneOf(Map<String, ?> job) {
    Map<String, Object> more = new TreeMap<>(job);
    more.put("catchUp", Map.of("policy", "FIRE_ALL"));
    more.put("overlap", "ALLOW");
    return more;
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
      String tag = nextTag();
      Parcel parcel = Parcel.single(tag, draft.job(tag, random));
      send(new Errand(parcel, open), n * 1_000_000L / perSecond);
    }
    return open;
  }

  /** As {@link #begin}, and waits for the end. */
  public void submit(int count, Draft draft, Duration limit) throws InterruptedException {
    finish(begin(count, draft), limit);
  }

  /** Creates so many jobs in batches, several at a time, and waits for the end. */
  public void submitInBatches(int count, int batch, Draft draft, Duration limit)
      throws InterruptedException {
    CountDownLatch open = new CountDownLatch((count + batch - 1) / batch);
    for (int from = 0; from < count; from += batch) {
      List<String> tags = new ArrayList<>();
      List<Map<String, ?>> jobs = new ArrayList<>();
      for (int n = from; n < Math.min(count, from + batch); n++) {
        String tag = nextTag();
        tags.add(tag);
        jobs.add(draft.job(tag, random));
      }
      send(new Errand(Parcel.batch(tags, jobs), open), from * 1_000_000L / perSecond);
    }
    finish(open, limit);
  }

  private void finish(CountDownLatch open, Duration limit) throws InterruptedException {
    if (!open.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "%d requests were not answered or given up within %s; %d submissions were; refused %d times, unanswered %d"
              .formatted(
                  open.getCount(), limit, submissions.size(), refusals.size(), unanswered.get()));
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

  /** Every answer that refused, those included that were followed by a better one. */
  public List<Submission.Refusal> refusals() {
    return List.copyOf(refusals);
  }

  /** Requests that ended without an answer, whatever became of them later. */
  public int unanswered() {
    return unanswered.get();
  }

  @Override
  public void close() {
    lanes.shutdownNow();
  }

  private String nextTag() {
    return "t" + turns.incrementAndGet();
  }

  /** A parcel on its way. Used by one lane at a time. */
  private final class Errand implements Runnable {
    private final Parcel parcel;
    private final CountDownLatch open;
    private final String key;
    private int node;
    private boolean maybeStored;
    private long deadline;

    Errand(Parcel parcel, CountDownLatch open) {
      this.parcel = parcel;
      this.open = open;
      this.key = seed + "-" + parcel.tags().get(0);
      this.node = turns.get();
    }

    @Override
    public void run() {
      if (deadline == 0) {
        deadline = System.nanoTime() + patience.toNanos();
      }
      try {
        ask();
      } catch (RuntimeException | Error fault) {
        end("the submitter failed: " + fault, 0, true);
        throw fault;
      }
    }

    private void ask() {
      JsonApi api = nodes.get(Math.floorMod(node, nodes.size()));
      node++;
      try {
        Answer answer =
            (patience.isZero() ? api : api.with("Idempotency-Key", key))
                .post(parcel.path(), parcel.body());
        if (parcel.isAccepted(answer)) {
          submissions.addAll(parcel.submissions(answer, clock.instant()));
          open.countDown();
          return;
        }
        refused(answer);
      } catch (UncheckedIOException fault) {
        unanswered.incrementAndGet();
        maybeStored = true;
        againOrEnd(Duration.ZERO, String.valueOf(fault.getCause()), 0);
      }
    }

    private void refused(Answer answer) {
      String wait = answer.header("Retry-After");
      String code = answer.text("code");
      boolean running = code.equals("idempotency_key_in_use");
      if (!running) {
        refusals.add(new Submission.Refusal(answer.status(), wait, answer.text()));
      }
      maybeStored |= running || code.equals("outcome_unknown");
      if (answer.status() == 503 || answer.status() == 429 || running) {
        againOrEnd(
            Duration.ofSeconds(wait.matches("[0-9]{1,3}") ? Long.parseLong(wait) : 1),
            answer.text(),
            answer.status());
      } else {
        end(answer.text(), answer.status(), maybeStored);
      }
    }

    private void againOrEnd(Duration wait, String cause, int status) {
      Duration pause = wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait;
      if (System.nanoTime() + pause.toNanos() < deadline) {
        long jitter = ThreadLocalRandom.current().nextLong(250_000);
        send(this, TimeUnit.MILLISECONDS.toMicros(pause.toMillis()) + jitter);
      } else {
        end(cause, status, maybeStored);
      }
    }

    private void end(String cause, int status, boolean isOpen) {
      for (String tag : parcel.tags()) {
        submissions.add(
            isOpen
                ? new Submission.Unknown(tag, cause)
                : new Submission.Refused(tag, status, cause));
      }
      open.countDown();
    }
  }

  private void send(Errand errand, long micros) {
    lanes.schedule(errand, micros, TimeUnit.MICROSECONDS);
  }

  private <T extends Submission> List<T> of(Class<T> kind) {
    return submissions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
