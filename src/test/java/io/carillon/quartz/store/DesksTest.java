package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Held;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.QueueSettings;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of lanes from which runs go, and to which they move. */
class DesksTest {
  private static final String HOST = "slow.example";
  private static final Lane QUEUE = Lane.queue("default", "q");
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  private final Job job =
      SampleJob.noop(JobId.of("job"), new Schedule.Now(Limits.NONE))
          .queue("q")
          .calls("http://" + HOST + "/")
          .build();

  private Held held(int generation) {
    ExecutionId id = ExecutionId.planned(job.id(), generation, NOW);
    return new Held(id, 1, job.id(), "q", 1, HOST, QUEUE, Reasons.CONCURRENCY, NOW);
  }

  private Firing firing(int generation) {
    ExecutionId id = ExecutionId.planned(job.id(), generation, NOW);
    return new Firing(id, job, generation, NOW, 1, 1, false, "node.1", NOW, Map.of());
  }

  private static Locked locked(Lane lane) {
    return new Locked(lane, 0, 0, NOW.toEpochMilli(), NOW.toEpochMilli() * 1_000);
  }

  @Test
  void a_lane_to_which_a_run_moves_is_looked_at_again() throws SQLException {
    HostCalls calls = new HostCalls(2);
    calls.begun(firing(7));
    await().until(() -> calls.isSlow(HOST));
    Map<Lane, QueueSettings> queues = Map.of(QUEUE, new QueueSettings(9, null, null));
    Desks desks = new Desks(new Desks.Known(queues, Map.of(), calls, QueuePauses.NONE, NOW));
    desks.add(List.of(locked(Lane.host(HOST)), locked(QUEUE)), Map.of());
    List<Held> waiting = List.of(held(1), held(2));

    Picks.of(desks, waiting, desks.wanted(10), 10);
    Verdict first = desks.judge(waiting.get(0), job, null, (host, id) -> false);
    Verdict second = desks.judge(waiting.get(1), job, null, (host, id) -> false);

    assertThat(first).isInstanceOf(Verdict.Go.class);
    assertThat(second)
        .isInstanceOfSatisfying(
            Verdict.Wait.class, wait -> assertThat(wait.lane()).isEqualTo(Lane.host(HOST)));
    assertThat(desks.written())
        .filteredOn(row -> row.lane().equals(Lane.host(HOST)))
        .singleElement()
        .satisfies(row -> assertThat(row.readyAt()).isNotNull());
  }

  @Test
  void what_has_come_further_goes_first() {
    Lane ofJob = new Lane("default", Lane.Kind.JOB, "job");
    Map<Lane, QueueSettings> queues = Map.of(QUEUE, new QueueSettings(1, null, null));
    Desks desks =
        new Desks(new Desks.Known(queues, Map.of(), new HostCalls(9), QueuePauses.NONE, NOW));
    desks.add(List.of(locked(ofJob), locked(QUEUE)), Map.of());
    List<Held> waiting = List.of(held(1).in(ofJob, Reasons.CONCURRENCY), held(2));

    assertThat(Picks.of(desks, waiting, desks.wanted(10), 10))
        .containsExactly(waiting.get(1), waiting.get(0));
  }

  @Test
  void a_class_does_not_lose_its_turn_where_nothing_of_it_goes() throws SQLException {
    Lane host = new Lane("default", Lane.Kind.JOB, "job");
    Job capped = SampleJob.like(job).options(Map.of("concurrency", Map.of("perJob", 1))).build();
    Desks desks =
        new Desks(new Desks.Known(Map.of(), Map.of(), new HostCalls(9), QueuePauses.NONE, NOW));
    desks.add(List.of(locked(host)), Map.of());
    List<Held> waiting =
        IntStream.range(0, 5).mapToObj(n -> held(n).in(host, Reasons.CONCURRENCY)).toList();

    for (Held held : Picks.of(desks, waiting, desks.wanted(10), 10)) {
      desks.judge(held, capped, null, (name, id) -> false);
    }

    assertThat(desks.written().get(0).turn()).isEqualTo(1);
  }
}
