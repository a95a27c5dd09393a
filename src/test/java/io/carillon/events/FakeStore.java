package io.carillon.events;

import io.carillon.events.LiveEvents.Store;
import java.util.concurrent.atomic.AtomicInteger;

/** A store without transactions. Counts how often it was waited for. */
public final class FakeStore implements Store {
  private final String node;
  private final AtomicInteger waits;

  /**
   * @param node the name of its row, if it has one
   */
  public FakeStore(String node) {
    this(node, new AtomicInteger());
  }

  FakeStore(String node, AtomicInteger waits) {
    this.node = node;
    this.waits = waits;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public void awaitOpenTransactions() {
    waits.incrementAndGet();
  }
}
