package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What calls targets, allowed to call loopback. Closing it ends all of its calls. */
final class Caller implements AutoCloseable {
  final Targets targets = new Targets(EgressPolicy.of(List.of(), true), "1.2");

  Outcome call(Firing firing) {
    return Firings.made(targets, firing);
  }

  /** Calls in a thread of its own. */
  CompletableFuture<Outcome> start(Firing firing) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread thread = new Thread(() -> outcome.complete(call(firing)), "caller");
    thread.setDaemon(true);
    thread.start();
    return outcome;
  }

  Failed failed(RawServer server, Duration timeout) {
    return (Failed) call(Firings.get(server.url(), timeout));
  }

  /** Fails if a call is still there. */
  @Override
  public void close() {
    targets.close();
    assertThat(targets.inFlight()).isZero();
  }
}
