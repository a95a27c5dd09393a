package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;

import io.carillon.execution.Answer;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;

/** How attempts end in tests: begun 5 ms after noon, over 25 ms after. */
final class Completions {
  static final long STARTED = NOON.toEpochMilli() + 5;
  static final long FINISHED = NOON.toEpochMilli() + 25;

  private Completions() {}

  static Completion success(Firing firing) {
    return HistoryDatabase.completion(
        firing,
        new Succeeded(200, new Answer("welcome 🔔", true)),
        new Finish(ExecutionState.SUCCEEDED, null));
  }

  static Completion failure(Firing firing) {
    return HistoryDatabase.completion(
        firing,
        new Failed(Reasons.TIMEOUT, "no answer within 30 s", null, null, null),
        new Finish(ExecutionState.FAILED, Reasons.TIMEOUT));
  }

  static Completion retry(Firing firing) {
    return HistoryDatabase.completion(
        firing,
        new Failed(Reasons.http(503), "503 Service Unavailable", 503, null, null),
        new RetryAt(NOON.plusSeconds(2), Reasons.http(503)));
  }
}
