package io.carillon.quartz;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what the reconciler says it has put right, and nothing else. */
final class CountingMetrics implements EngineMetrics {
  private final Map<String, Integer> healed = new ConcurrentHashMap<>();

  Map<String, Integer> healed() {
    return Map.copyOf(healed);
  }

  @Override
  public void healed(String kind, int count) {
    healed.merge(kind, count, Integer::sum);
  }

  @Override
  public void finished(ExecutionState state) {}

  @Override
  public void lateness(Duration lateness) {}

  @Override
  public void attempt(@Nullable String reason, Duration length) {}

  @Override
  public void fired(int batch) {}

  @Override
  public void duplicatesDropped(int count) {}

  @Override
  public void staleCompletions(int count) {}

  @Override
  public void parked(int count) {}

  @Override
  public void slowPath(int count) {}

  @Override
  public void leaseAge(DoubleSupplier seconds) {}

  @Override
  public void inFlight(DoubleSupplier calls) {}
}
