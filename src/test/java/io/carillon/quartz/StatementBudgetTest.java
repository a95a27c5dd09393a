package io.carillon.quartz;

import static io.carillon.quartz.Samples.job;
import static io.carillon.quartz.Samples.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.cron.DstPolicy;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a batch costs in statements, counted by the server through the real engine: the same for any
 * number of rows, and never more than the budget of the step.
 */
class StatementBudgetTest {
  private static final Logger LOG = LoggerFactory.getLogger(StatementBudgetTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * What is allowed, BEGIN, COMMIT and SET included. Retries, which write attempts and triggers as
   * well, take two more to complete.
   */
  private static final Ceiling ONE_TIME = new Ceiling(10, 16, 14);

  private static final Ceiling FIXED_RATE = new Ceiling(10, 16, 10);
  private static final Ceiling CRON = new Ceiling(10, 16, 10);
  private static final Ceiling RETRIED = new Ceiling(10, 16, 16);

  private record Ceiling(long store, long fire, long complete) {}

  private static final String CALLER = Thread.currentThread().getName();
  private static final String FIRING = "QuartzSchedulerThread";
  private static final String COMPLETING = "carillon-completions";
  private static final List<Integer> SIZES = List.of(20, 100, 200);

  private final CountedStatements counted = new CountedStatements();
  @AutoClose private EngineRig rig;
  private List<Job> used = List.of();

  @BeforeEach
  void open() {
    rig = new EngineRig();
    rig.pool = counted::over;
    rig.threads = 300;
  }

  @Test
  void a_batch_of_one_time_jobs_costs_the_same_for_any_number_of_them() {
    Costs costs = costs(() -> at(Duration.ofMillis(1_200)), RetryPolicy.none(), 1);

    costs.assertWithin(ONE_TIME);
  }

  @Test
  void a_batch_of_jobs_with_a_fixed_rate_costs_the_same_for_any_number_of_them() {
    Costs costs =
        costs(
            () ->
                new Schedule.FixedRate(
                    Duration.ofHours(1), Limits.between(Instant.now().plusMillis(1_200), null)),
            RetryPolicy.none(),
            1);

    costs.assertWithin(FIXED_RATE);
  }

  @Test
  void a_batch_of_crons_costs_the_same_for_any_number_of_them() {
    Costs costs = costs(StatementBudgetTest::atTheNextSecondButOne, RetryPolicy.none(), 1);

    costs.assertWithin(CRON);
  }

  @Test
  void a_batch_of_retries_costs_the_same_for_any_number_of_them() {
    rig.target.answers(
        firing ->
            firing.attempt() == 1
                ? new Failed("HTTP_503", "busy", 503, null, null)
                : new Outcome.Succeeded(200, null));

    Costs costs =
        costs(() -> at(Duration.ofMillis(1_200)), RetryPolicy.fixed(2, Duration.ofSeconds(1)), 2);

    costs.assertWithin(RETRIED);
  }

  @Test
  void a_queue_that_is_limited_elsewhere_costs_a_batch_a_statement() {
    rig.update(
        """
        INSERT INTO queue (namespace, name, concurrency, limited, version, created_at, updated_at)
        VALUES ('default', 'elsewhere', 3, TRUE, 1, 0, 0)
        """);

    Costs costs = costs(() -> at(Duration.ofMillis(1_200)), RetryPolicy.none(), 1);

    costs.assertWithin(new Ceiling(10, ONE_TIME.fire() + 1, ONE_TIME.complete()));
  }

  @Test
  void a_limit_that_has_room_costs_a_batch_five_statements_and_no_transaction() {
    rig.update(
        """
        INSERT INTO queue (namespace, name, concurrency, limited, version, created_at, updated_at)
        VALUES ('default', 'default', 500, TRUE, 1, 0, 0)
        """);
    rig.update(
        """
        INSERT INTO lane (namespace, kind, name, touched_at)
        VALUES ('default', 'QUEUE', 'default', ?)
        """,
        Instant.now());

    Costs costs = costs(() -> at(Duration.ofMillis(1_200)), RetryPolicy.none(), 1);

    costs.assertWithin(new Ceiling(10, ONE_TIME.fire() + 5, ONE_TIME.complete() + 2));
    assertThat(rig.heldBack()).isZero();
  }

  /** What single transactions cost, for all sizes together. */
  private record Costs(Map<String, TreeSet<Long>> bySteps) {
    /** The most that a transaction of a step costs; small ones may cost less. */
    void assertWithin(Ceiling most) {
      LOG.info("Statements per transaction: {}", bySteps);
      assertThat(bySteps.get("store").last()).as("store").isLessThanOrEqualTo(most.store());
      assertThat(bySteps.get("fire").last()).as("fire").isLessThanOrEqualTo(most.fire());
      assertThat(bySteps.get("complete").last())
          .as("complete")
          .isLessThanOrEqualTo(most.complete());
    }
  }

  private Costs costs(Supplier<Schedule> schedule, RetryPolicy retry, int attempts) {
    Engine engine = rig.start();
    run(engine, schedule, retry, attempts, 20);
    Map<String, TreeSet<Long>> most =
        Map.of("store", new TreeSet<>(), "fire", new TreeSet<>(), "complete", new TreeSet<>());
    for (int size : SIZES) {
      run(engine, schedule, retry, attempts, size);
      Map<String, List<Long>> now =
          Map.of(
              "store", counted.transactionsOf(CALLER),
              "fire", counted.transactionsOf(FIRING),
              "complete", counted.transactionsOf(COMPLETING));
      now.forEach(
          (step, costs) -> {
            assertThat(costs).as("%s of %d", step, size).isNotEmpty();
            most.get(step).add(costs.get(costs.size() - 1));
          });
      LOG.info("{} rows: {}", size, now);
      used.stream()
          .filter(job -> job.schedule().recurring())
          .map(Job::id)
          .forEach(id -> engine.jobs().cancel(id, OptionalLong.empty(), false));
    }
    most.forEach((step, costs) -> assertThat(costs).as("%s for %s rows", step, SIZES).hasSize(1));
    return new Costs(most);
  }

  /** So many jobs fall due together and end together, as far as it can be had. */
  private void run(
      Engine engine, Supplier<Schedule> schedule, RetryPolicy retry, int attempts, int size) {
    counted.forget();
    rig.target.arrivals().clear();
    CountDownLatch all = new CountDownLatch(size);
    rig.target.before(
        () -> {
          all.countDown();
          try {
            all.await(5, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Schedule same = schedule.get();
    List<Job> jobs = Stream.generate(() -> job(newId(), same, retry)).limit(size).toList();
    engine.jobs().createAll(jobs, true);
    await()
        .atMost(PATIENCE)
        .until(() -> rig.target.arrivals().size() >= size * attempts && engine.inFlight() == 0);
    used = jobs;
  }

  private static Schedule at(Duration delay) {
    return new Schedule.At(Instant.now().plus(delay), null, true, null, null, Limits.NONE);
  }

  private static Schedule atTheNextSecondButOne() {
    int second = (int) ((Instant.now().getEpochSecond() + 2) % 60);
    String text = second + " * * * * ?";
    return new Schedule.Cron(
        text, text, "QUARTZ", ZoneOffset.UTC, DstPolicy.BY_RHYTHM, Limits.NONE);
  }
}
