package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobId;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes and 64 callers that want the same keys. */
@Timeout(90)
class IntakeRacesTest {
  private static final int CALLERS = 64;
  private static final int KEYS = 10;
  private static final int MOST_TRIES = 10;

  @AutoClose private final EngineRig rig = new EngineRig();
  private List<Engine> nodes;

  @BeforeEach
  void start() {
    nodes = List.of(rig.start(), rig.start());
  }

  /** What a slow machine has no time for is refused, unstored, and asked for again. */
  private static <T> T patiently(Supplier<T> create) {
    for (int again = 1; ; again++) {
      try {
        return create.get();
      } catch (StoreBusy e) {
        if (again == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  /** Each caller submits one job per key, half of them as batches; by key what each was told. */
  private Map<String, List<Created>> submit(Function<String, Job> job) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    CountDownLatch go = new CountDownLatch(1);
    try {
      List<Future<List<Created>>> answers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        Engine node = nodes.get(caller % nodes.size());
        answers.add(
            callers.submit(
                () -> {
                  List<Job> mine = new ArrayList<>();
                  for (int k = 0; k < KEYS; k++) {
                    mine.add(job.apply("k" + (k + caller) % KEYS));
                  }
                  go.await();
                  return caller % 4 < 2
                      ? patiently(() -> node.jobs().createAll(mine, false))
                      : mine.stream()
                          .map(each -> patiently(() -> node.jobs().submit(each)))
                          .toList();
                }));
      }
      go.countDown();
      Map<String, List<Created>> byKey = new HashMap<>();
      for (int i = 0; i < CALLERS; i++) {
        List<Created> told = answers.get(i).get(60, TimeUnit.SECONDS);
        for (int k = 0; k < KEYS; k++) {
          byKey.computeIfAbsent("k" + (k + i) % KEYS, same -> new ArrayList<>()).add(told.get(k));
        }
      }
      return byKey;
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void exactly_one_job_is_made_of_each_key_and_all_others_are_told_of_it() throws Exception {
    Map<String, List<Created>> told =
        submit(key -> Keyed.dedup(key, Dedup.Mode.values()[key.charAt(1) % 3]));

    assertThat(told).hasSize(KEYS);
    told.forEach(
        (key, answers) -> {
          List<Created> made = answers.stream().filter(one -> one.met() == null).toList();
          assertThat(made).as(key).hasSize(1).allMatch(one -> one.stored() != null);
          assertThat(answers)
              .filteredOn(one -> one.met() != null)
              .hasSize(CALLERS - 1)
              .allMatch(one -> one.met().job().id().equals(made.get(0).id()));
        });
    assertThat(rig.one("SELECT COUNT(*) FROM job")).isEqualTo(Integer.toString(KEYS));
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS")).isEqualTo(Integer.toString(KEYS));
  }

  /** The wait is so short that some creates find the job of their key fired, and some do not. */
  @Test
  void a_create_either_puts_off_a_job_that_waits_or_makes_another() throws Exception {
    Map<String, List<Created>> told = submit(key -> Keyed.debounced(key, Duration.ofMillis(15)));

    Set<JobId> made = new HashSet<>();
    told.values()
        .forEach(
            answers ->
                answers.stream()
                    .filter(one -> one.met() == null)
                    .forEach(one -> made.add(one.id())));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> rig.one("SELECT COUNT(*) FROM job WHERE state <> 'COMPLETED'").equals("0"));
    assertThat(rig.target.arrivals())
        .extracting(firing -> firing.job().id())
        .containsExactlyInAnyOrderElementsOf(made);
    // What was put off ran later than whoever put it off had been told.
    Map<JobId, Firing> runs = new HashMap<>();
    rig.target.arrivals().forEach(firing -> runs.put(firing.job().id(), firing));
    told.values()
        .forEach(
            answers ->
                answers.stream()
                    .filter(one -> one.met() != null)
                    .forEach(
                        one -> {
                          assertThat(one.met().how()).isEqualTo(Met.How.POSTPONED);
                          assertThat(runs.get(one.met().job().id()).scheduledAt())
                              .isAfterOrEqualTo(one.met().job().updatedAt());
                        }));
  }
}
