package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that end because we say so: cancelled, drained, interrupted. */
@Timeout(20)
class CallsThatWeBreakOffTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  @AutoClose private final Caller caller = new Caller();

  @Test
  void a_cancelled_call_ends_at_once_and_says_so() throws Exception {
    try (RawServer server = RawServer.hanging()) {
      CompletableFuture<Outcome> running = caller.start(Firings.get(server.url()));
      assertThat(server.awaitRequest()).isTrue();

      caller.targets.cancel(ExecutionId.planned(Firings.JOB, 2, Instant.EPOCH));
      assertThat(caller.targets.inFlight()).isEqualTo(1);
      caller.targets.cancel(Firings.ID);

      Outcome outcome = running.get(2, TimeUnit.SECONDS);
      assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.CANCELLED);
    }
  }

  @Test
  void a_drain_breaks_off_every_call() throws Exception {
    try (RawServer server = RawServer.hanging()) {
      List<CompletableFuture<Outcome>> running =
          List.of(
              caller.start(Firings.get(server.url())),
              caller.start(Firings.get(server.url())),
              caller.start(Firings.get(server.url())));
      assertThat(server.awaitRequest()).isTrue();
      while (caller.targets.inFlight() < 3) {
        Thread.onSpinWait();
      }
      caller.targets.cancelAll();
      for (CompletableFuture<Outcome> call : running) {
        assertThat(((Failed) call.get(2, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.DRAINED);
      }
    }
  }

  @Test
  void an_interrupted_worker_gives_its_call_back() throws Exception {
    try (RawServer server = RawServer.hanging()) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread worker =
          new Thread(() -> outcome.complete(caller.call(Firings.get(server.url(), SHORT))));
      worker.start();
      assertThat(server.awaitRequest()).isTrue();
      worker.interrupt();
      assertThat(((Failed) outcome.get(5, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.DRAINED);
    }
  }
}
