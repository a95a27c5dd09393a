package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
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

@Timeout(30)
class GroupedCreationTest {
  private final ExecutorService callers = Executors.newFixedThreadPool(64);
  private final AtomicInteger groups = new AtomicInteger();
  private final Set<JobId> stored = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private List<Created> store(List<FreshJob> jobs) {
    groups.incrementAndGet();
    jobs.forEach(job -> assertThat(stored.add(job.id())).isTrue());
    return jobs.stream().map(job -> new Created(job.id(), null)).toList();
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
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              begun.countDown();
              awaitQuietly(goOn);
              return store(jobs);
            });
    List<Future<Created>> answers = new ArrayList<>();
    answers.add(callers.submit(() -> creation.create(job("first"))));
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    CountDownLatch queued = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      FreshJob job = job("later-" + i);
      answers.add(
          callers.submit(
              () -> {
                queued.countDown();
                return creation.create(job);
              }));
    }
    assertThat(queued.await(5, TimeUnit.SECONDS)).isTrue();
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
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              begun.countDown();
              awaitQuietly(goOn);
              return store(jobs);
            });
    Future<Created> first = callers.submit(() -> creation.create(job("first")));
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

    Future<Created> late = callers.submit(() -> creation.create(job("late")));
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
      FreshJob job = job("j" + i);
      answers.add(callers.submit(() -> creation.create(job)));
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS).id()).isEqualTo(JobId.of("j" + i));
    }
    assertThat(stored).hasSize(20_000);
  }

  @Test
  void one_job_that_cannot_be_stored_does_not_take_the_others_with_it() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GroupedCreation creation =
        new GroupedCreation(
            jobs -> {
              begun.countDown();
              awaitQuietly(goOn);
              if (jobs.stream().anyMatch(job -> job.id().value().equals("bad"))) {
                throw new IllegalStateException("refused");
              }
              return store(jobs);
            });
    Future<Created> first = callers.submit(() -> creation.create(job("first")));
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    Future<Created> good = callers.submit(() -> creation.create(job("good")));
    Future<Created> bad = callers.submit(() -> creation.create(job("bad")));
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
              awaitQuietly(goOn);
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
              awaitQuietly(goOn);
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
    Job job = Job.of(JobId.of(id), new Target.Noop(), new Schedule.Now(Limits.NONE));
    return FreshJob.of(job, any -> "{}", Instant.EPOCH);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
