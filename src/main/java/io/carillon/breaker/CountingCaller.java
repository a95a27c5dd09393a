package io.carillon.breaker;

import io.carillon.execution.Admission;
import io.carillon.execution.Breakers;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.execution.TargetCaller;
import io.carillon.job.TargetHost;
import java.util.Optional;

/**
 * Counts how calls end, and does not let an attempt begin that was fired before the breaker of its
 * host opened: that one ends as {@link Reasons#CIRCUIT_OPEN}, with nothing sent. Thread-safe.
 */
final class CountingCaller implements TargetCaller {
  private final TargetCaller inner;
  private final HostTallies tallies;
  private final Watch watch;
  private final Breakers.Meter meter;

  CountingCaller(TargetCaller inner, HostTallies tallies, Watch watch, Breakers.Meter meter) {
    this.inner = inner;
    this.tallies = tallies;
    this.watch = watch;
    this.meter = meter;
  }

  /** Holds as long as the one inside does and the host's gate lets the firing pass. */
  private final class Gate implements Admission {
    private final Admission admission;
    private final String host;
    private final Firing firing;
    private volatile boolean stopped;

    Gate(Admission admission, String host, Firing firing) {
      this.admission = admission;
      this.host = host;
      this.firing = firing;
    }

    @Override
    public boolean holds() {
      stopped = watch.stops(host, firing);
      return !stopped && admission.holds();
    }
  }

  @Override
  public Optional<Outcome> call(Firing firing, Admission admission) {
    String host = TargetHost.of(firing.job().target());
    if (host == null) {
      return inner.call(firing, admission);
    }
    Gate gate = new Gate(admission, host, firing);
    Optional<Outcome> outcome = gate.holds() ? inner.call(firing, gate) : Optional.empty();
    if (outcome.isPresent()) {
      // A node that was frozen, or cut off, sees all its calls fail, whatever their hosts did.
      if (admission.holds()) {
        tallies.count(host, Verdict.of(outcome.get()));
      }
      return outcome;
    }
    if (!gate.stopped) {
      return Optional.empty();
    }
    meter.attemptHeld();
    return Optional.of(
        Failed.of(Reasons.CIRCUIT_OPEN, "not begun: the breaker of host " + host + " is open"));
  }

  @Override
  public void cancel(ExecutionId id) {
    inner.cancel(id);
  }

  @Override
  public void cancelAll() {
    inner.cancelAll();
  }
}
