package io.carillon.quartz;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.execution.Runner;
import io.carillon.quartz.store.StoreEngine;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a worker and the store: makes the attempt, keeps its outcome by fire-instance id until
 * Quartz reports the end, and then hands it to the store. An attempt whose lease has ended before
 * it was sent is given up. Bounded by what is in flight. Thread-safe.
 */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final StoreEngine store;
  private final Runner runner;
  private final InstantSource clock;
  private final Map<String, Completion> ended = new ConcurrentHashMap<>();

  Attempts(StoreEngine store, Runner runner, InstantSource clock) {
    this.store = store;
    this.runner = runner;
    this.clock = clock;
  }

  /** Makes the attempt of a firing, in the calling worker. */
  void make(String fireInstanceId) {
    Firing firing = store.begin(fireInstanceId).orElse(null);
    if (firing == null) {
      LOG.warn("execution {} is not in flight here any more", fireInstanceId);
      return;
    }
    runner
        .run(firing)
        .ifPresentOrElse(
            completion -> ended.put(fireInstanceId, completion), () -> store.abandon(firing));
  }

  /** Breaks an execution off, if it is this node's. */
  void breakOff(ExecutionId id) {
    if (store.holds(id)) {
      runner.breakOff(id);
      if (!store.holds(id)) {
        runner.forget(id);
      }
    }
  }

  /** Quartz says that the job of a firing has ended, or could not be begun. */
  void completed(String fireInstanceId) {
    Completion completion = ended.remove(fireInstanceId);
    if (completion != null) {
      runner.forget(completion.firing().id());
      store.complete(completion);
      return;
    }
    store
        .firing(fireInstanceId)
        .ifPresent(
            firing -> {
              LOG.error("execution {} ended without an outcome", fireInstanceId);
              store.complete(
                  new Completion(
                      firing,
                      Failed.of(Reasons.INTERNAL, "the worker ended without an outcome"),
                      new Finish(ExecutionState.FAILED, Reasons.INTERNAL),
                      clock.instant(),
                      clock.instant()));
            });
  }
}
