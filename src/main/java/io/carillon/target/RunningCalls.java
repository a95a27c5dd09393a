package io.carillon.target;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Reasons;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/** The calls that are under way, so that they can be broken off. Thread-safe. */
final class RunningCalls {
  private final Set<Running> calls = ConcurrentHashMap.newKeySet();

  /** One call; leaves the registry when closed. Compared by identity. */
  final class Running implements AutoCloseable {
    private final ExecutionId id;
    private final Call call;
    private volatile @Nullable String brokenOff;

    private Running(ExecutionId id, Call call) {
      this.id = id;
      this.call = call;
    }

    /** The reason for which it was broken off; null if it was not. */
    @Nullable String brokenOff() {
      return brokenOff;
    }

    private void breakOff(String reason) {
      brokenOff = reason;
      call.cancel();
    }

    @Override
    public void close() {
      calls.remove(this);
    }
  }

  Running start(ExecutionId id, Call call) {
    Running running = new Running(id, call);
    calls.add(running);
    return running;
  }

  /** Breaks off every call of an execution; more than one may run after a node was frozen. */
  void cancel(ExecutionId id) {
    for (Running running : calls) {
      if (running.id.equals(id)) {
        running.breakOff(Reasons.CANCELLED);
      }
    }
  }

  void cancelAll() {
    for (Running running : calls) {
      running.breakOff(Reasons.DRAINED);
    }
  }

  int size() {
    return calls.size();
  }
}
