package io.carillon.quartz;

import io.carillon.execution.Admission;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.TargetCaller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** A target in memory that keeps what arrives and answers as it is told. */
final class RecordingTarget implements TargetCaller {
  private final List<Firing> arrivals = new CopyOnWriteArrayList<>();
  private final List<ExecutionId> cancelled = new CopyOnWriteArrayList<>();
  private volatile Function<Firing, Outcome> answer = firing -> new Outcome.Succeeded(200, null);

  private volatile Consumer<Firing> connecting = firing -> {};
  private volatile Runnable before = () -> {};

  @Override
  public Optional<Outcome> call(Firing firing, Admission admission) {
    connecting.accept(firing);
    if (!admission.holds()) {
      return Optional.empty();
    }
    arrivals.add(firing);
    before.run();
    return Optional.of(answer.apply(firing));
  }

  /** What each call waits for before it may be sent. */
  void connecting(Consumer<Firing> work) {
    connecting = work;
  }

  /** What each call does before it answers. */
  void before(Runnable work) {
    before = work;
  }

  void answers(Function<Firing, Outcome> how) {
    answer = how;
  }

  List<Firing> arrivals() {
    return arrivals;
  }

  List<ExecutionId> cancelled() {
    return cancelled;
  }

  List<Firing> arrivalsOf(io.carillon.job.JobId job) {
    return arrivals.stream().filter(firing -> firing.job().id().equals(job)).toList();
  }

  @Override
  public void cancel(ExecutionId id) {
    cancelled.add(id);
  }

  @Override
  public void cancelAll() {}
}
