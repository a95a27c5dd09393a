package io.carillon.quartz;

import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import java.util.function.DoubleSupplier;

/** Takes no figures of breakers. */
record SilentMeter() implements Breakers.Meter {
  @Override
  public void breakerOpened() {}

  @Override
  public void breakers(Breaker.State state, DoubleSupplier count) {}

  @Override
  public void attemptHeld() {}
}
