package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.carillon.harness.Gates;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that come together are stored together, and each is told of its own job. */
@Timeout(30)
class GroupedCreationTest {
  private final ExecutorService callers = Executors.newFixedThreadPool(64);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger groups = new AtomicInteger();
  private final Set<JobId> stored = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private List<Created> store(List<FreshJob> jobs) {
    if (jobs.stream().anyMatch(job -> job.id().value().equals("bad"))) {
      throw new IllegalStateException("refused");
    }
    groups.incrementAndGet();
    jobs.forEach(job -> assertThat(stored.add(job.id())).isTrue());
    return jobs.stream().map(job -> new Created(job.id(), null)).toList();
  }

  private List<Created> storeWhenToldTo(List<FreshJob> jobs) {
    begun.countDown();
    Gates.pass(goOn);
    return store(jobs);
  }

  /** A caller is at work, and stays so until it is told to go on. */
  private Future<Created> occupy(GroupedCreation creation) throws InterruptedException {
    Future<Created> first = callTo(creation, "first");
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    return first;
  }

  private Future<Created> callTo(GroupedCreation creation, String id) {
    FreshJob job = job(id);
    return callers.submit(() -> creation.create(job));
  }

  @Test
  void a_lone_caller_stores_its_own_job_in_its_own_thread() {
    List<Thread> workers = new ArrayList<>();
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              workers.add(Thread.currentThread());
              return store(jobs);
            });

    creation.create(job("a"));
    creation.create(job("b"));

    assertThat(workers).containsOnly(Thread.currentThread()).hasSize(2);
  }

  @Test
  void callers_that_come_while_one_is_at_work_share_the_next_transaction() throws Exception {
    GroupedCreation creation = new GroupedCreation(this::storeWhenToldTo);
    List<Future<Created>> answers = new ArrayList<>();
    answers.add(occupy(creation));
    for (int i = 0; i < 50; i++) {
      answers.add(callTo(creation, "later-" + i));
    }
    await().until(() -> creation.waiting() == 50);
    goOn.countDown();

    for (Future<Created> answer : answers) {
      answer.get(10, TimeUnit.SECONDS);
    }
    assertThat(groups.get()).isEqualTo(2);
    assertThat(stored).hasSize(51);
  }

  @Test
  void who_waits_too_long_is_told_that_nothing_was_stored_and_it_never_is() throws Exception {
    GroupedCreation creation = new GroupedCreation(this::storeWhenToldTo);
    Future<Created> first = occupy(creation);

    Future<Created> late = callTo(creation, "late");
    assertThatThrownBy(() -> late.get(8, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoreBusy.class)
        .extracting(fault -> ((StoreBusy) fault.getCause()).unknown())
        .isNull();
    goOn.countDown();

    first.get(5, TimeUnit.SECONDS);
    creation.create(job("next"));
    assertThat(stored).hasSize(2);
  }

  @Test
  void many_callers_at_once_all_get_their_own_answer() throws Exception {
    GroupedCreation creation = new GroupedCreation(this::store);
    List<Future<Created>> answers = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      answers.add(callTo(creation, "j" + i));
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS).id()).isEqualTo(JobId.of("j" + i));
    }
    assertThat(stored).hasSize(20_000);
  }

  @Test
  void one_job_that_cannot_be_stored_does_not_take_the_others_with_it() throws Exception {
    GroupedCreation creation = new GroupedCreation(this::storeWhenToldTo);
    Future<Created> first = occupy(creation);
    Future<Created> good = callTo(creation, "good");
    Future<Created> bad = callTo(creation, "bad");
    await().until(() -> creation.waiting() == 2);
    goOn.countDown();

    first.get(5, TimeUnit.SECONDS);
    assertThat(good.get(5, TimeUnit.SECONDS).id()).isEqualTo(JobId.of("good"));
    assertThatThrownBy(() -> bad.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("refused");
  }

  @Test
  void the_one_that_cannot_be_stored_is_found_in_few_transactions() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              begun.countDown();
              Gates.pass(goOn);
              tries.incrementAndGet();
              if (jobs.stream().anyMatch(job -> job.id().value().equals("j13"))) {
                throw new IllegalStateException("refused");
              }
              return store(jobs);
            });
    List<Future<Created>> answers = new ArrayList<>();
    answers.add(callers.submit(() -> creation.create(job("first"))));
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 50; i++) {
      FreshJob job = job("j" + i);
      answers.add(callers.submit(() -> creation.create(job)));
    }
    await().until(() -> creation.waiting() == 50);
    goOn.countDown();

    for (Future<Created> answer : answers) {
      await().until(answer::isDone);
    }
    assertThat(stored).hasSize(50);
    assertThat(tries.get()).isLessThan(20);
  }

  @Test
  void a_database_that_is_away_is_told_to_all_of_a_group_at_once_and_the_next_one_tries_again() {
    AtomicInteger tries = new AtomicInteger();
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              if (tries.incrementAndGet() == 1) {
                throw new StoreUnavailable("away", null);
              }
              return store(jobs);
            });

    assertThatThrownBy(() -> creation.create(job("a"))).isInstanceOf(StoreUnavailable.class);
    assertThat(creation.create(job("b")).id()).isEqualTo(JobId.of("b"));
  }

  @Test
  void a_commit_without_an_answer_is_told_to_each_caller_under_the_id_of_its_own_job()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              begun.countDown();
              Gates.pass(goOn);
              throw new StoreUnavailable("no answer", jobs.get(0).id(), null);
            });
    Future<Created> first = callers.submit(() -> creation.create(job("first")));
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    Future<Created> one = callers.submit(() -> creation.create(job("one")));
    Future<Created> other = callers.submit(() -> creation.create(job("other")));
    await().until(() -> creation.waiting() == 2);
    goOn.countDown();

    assertThat(unknown(first)).isEqualTo(JobId.of("first"));
    assertThat(unknown(one)).isEqualTo(JobId.of("one"));
    assertThat(unknown(other)).isEqualTo(JobId.of("other"));
  }

  private static @Nullable JobId unknown(Future<Created> answer) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> answer.get(5, TimeUnit.SECONDS));
    return ((StoreUnavailable) failed.getCause()).unknown();
  }

  private static FreshJob job(String id) {
    Job job = Job.of(JobId.of(id), new Target.Noop(), Samples.now());
    return FreshJob.of(job, any -> "{}", Exclusions.NONE, Instant.EPOCH);
  }
}
