package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what is slow, parked, passed over or put right, and nothing else. */
public final class CountingMetrics implements EngineMetrics {
  final AtomicInteger slow = new AtomicInteger();
  final AtomicInteger parked = new AtomicInteger();
  final AtomicInteger duplicates = new AtomicInteger();

  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger quarantined = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();
  private final Map<String, Integer> healed = new ConcurrentHashMap<>();
  private final Map<ExecutionState, Integer> callbacks = new ConcurrentHashMap<>();

  /** How many due runs a limit has held. */
  public int held() {
    return held.get();
  }

  @Override
  public void held(String reason, int count) {
    held.addAndGet(count);
  }

  /** What has been put right, by kind. */
  public Map<String, Integer> healed() {
    return Map.copyOf(healed);
  }

  /** How many executions were given up at their third node's death. */
  public int quarantined() {
    return quarantined.get();
  }

  /** How many answers came when the attempt was another's. */
  public int stale() {
    return stale.get();
  }

  @Override
  public void staleCompletions(int count) {
    stale.addAndGet(count);
  }

  /** How callbacks have ended. */
  public Map<ExecutionState, Integer> callbacks() {
    return Map.copyOf(callbacks);
  }

  @Override
  public void callbackFinished(ExecutionState state) {
    callbacks.merge(state, 1, Integer::sum);
  }

  @Override
  public void quarantined(int count) {
    quarantined.addAndGet(count);
  }

  void forget() {
    slow.set(0);
    parked.set(0);
    duplicates.set(0);
    healed.clear();
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
  public void skipped(String reason, int count) {}

  @Override
  public void duplicatesDropped(int count) {
    duplicates.addAndGet(count);
  }

  @Override
  public void parked(int count) {
    parked.addAndGet(count);
  }

  @Override
  public void healed(String kind, int count) {
    healed.merge(kind, count, Integer::sum);
  }

  @Override
  public void slowPath(int count) {
    slow.addAndGet(count);
  }

  @Override
  public void leaseAge(DoubleSupplier seconds) {}

  @Override
  public void inFlight(DoubleSupplier calls) {}
}
