package io.carillon.api;

import io.carillon.execution.CallTokens;
import io.carillon.execution.Execution;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Progress;
import io.carillon.execution.ProgressReports;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.execution.RunPorts;
import io.carillon.execution.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Single executions of a {@link FakeScheduler}; tokens are {@code token-<attempt>-<id>}. */
final class FakeRuns implements Runs, ProgressReports, CallTokens {
  final List<Progress> reports = new ArrayList<>();
  final List<Report> ends = new ArrayList<>();
  private final FakeScheduler engine;

  FakeRuns(FakeScheduler engine) {
    this.engine = engine;
  }

  RunPorts ports() {
    return new RunPorts(this, this, this);
  }

  private Execution find(ExecutionId id) {
    Execution found = engine.checkedExecutions().get(id);
    if (found == null) {
      throw new UnknownRun(id);
    }
    return found;
  }

  private void requireRunning(ExecutionId id) {
    ExecutionState state = find(id).state();
    if (state != ExecutionState.RUNNING) {
      throw new NotRunning(state, "the execution is over");
    }
  }

  @Override
  public Ended complete(ExecutionId id, int attempt, Report report) {
    requireRunning(id);
    ends.add(report);
    return report.succeeded()
        ? new Ended(ExecutionState.SUCCEEDED, null, null)
        : new Ended(ExecutionState.RETRYING, "TARGET_FAILED", ApiRig.NOW);
  }

  @Override
  public Cancelling cancel(String namespace, ExecutionId id) {
    ExecutionState state = find(id).state();
    if (state.isFinal()) {
      throw new NotRunning(state, "the execution is over");
    }
    return state == ExecutionState.RUNNING
        ? new Cancelling(state, true)
        : new Cancelling(ExecutionState.CANCELLED, false);
  }

  @Override
  public int retry(String namespace, ExecutionId id) {
    Execution found = find(id);
    if (found.state() != ExecutionState.FAILED) {
      throw new NotRunning(found.state(), "only what FAILED or was CANCELLED is retried");
    }
    return found.attempt() + 1;
  }

  @Override
  public void report(ExecutionId id, int attempt, Progress progress) {
    requireRunning(id);
    reports.add(progress);
  }

  @Override
  public String of(ExecutionId id, int attempt) {
    return "token-" + attempt + "-" + id;
  }

  @Override
  public OptionalInt attempt(ExecutionId id, String token) {
    return token.equals(of(id, 1)) ? OptionalInt.of(1) : OptionalInt.empty();
  }
}
