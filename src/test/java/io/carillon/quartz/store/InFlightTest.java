package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InFlight inFlight = new InFlight(4);
  private final List<Firing> firings =
      IntStream.range(0, 4).mapToObj(InFlightTest::firing).toList();

  @Test
  void the_wait_for_room_ends_with_the_removal_that_makes_enough() throws Exception {
    firings.forEach(inFlight::add);
    CompletableFuture<Integer> room = CompletableFuture.supplyAsync(() -> roomAfterWaitFor(2));

    inFlight.remove(firings.get(0));
    inFlight.remove(firings.get(0));
    assertThat(room).isNotDone();
    inFlight.remove(firings.get(1));

    assertThat(room.get(LONG.toSeconds() / 2, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void the_wait_for_room_is_bounded() throws InterruptedException {
    firings.forEach(inFlight::add);

    inFlight.awaitRoom(1, 1_000_000);

    assertThat(inFlight.room()).isZero();
  }

  private int roomAfterWaitFor(int wanted) {
    try {
      inFlight.awaitRoom(wanted, LONG.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return inFlight.room();
  }

  private static Firing firing(int n) {
    Job job = Job.of(JobId.of("job-" + n), new Target.Noop(), new Schedule.Now(Limits.NONE));
    ExecutionId id = ExecutionId.planned(job.id(), 1, NOW);
    return new Firing(id, job, 1, NOW, 1, 1, false, "node-1", NOW, Map.of());
  }
}
