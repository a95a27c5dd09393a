package io.carillon.api;

import io.carillon.events.EventFeed;
import io.carillon.events.EventFilter;
import io.carillon.events.LiveMessage;
import io.carillon.events.Outlet;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Welcomes every reader at once; sends what a test wants, one message after the other. */
final class FakeEventFeed implements EventFeed {
  final List<Reader> readers = new CopyOnWriteArrayList<>();
  volatile @Nullable RuntimeException refusal;

  /** One that was let in. */
  record Reader(EventFilter filter, @Nullable Long after, Outlet outlet, List<String> closed) {
    void send(LiveMessage message) {
      outlet.send(message, failure -> {});
    }
  }

  @Override
  public void checkRoom() {
    RuntimeException why = refusal;
    if (why != null) {
      throw why;
    }
  }

  @Override
  public Reading open(EventFilter filter, @Nullable Long after, Outlet outlet) {
    Reader reader = new Reader(filter, after, outlet, new CopyOnWriteArrayList<>());
    readers.add(reader);
    reader.send(new LiveMessage.Welcome(Instant.parse("2026-11-21T12:00:00Z"), 7));
    return () -> reader.closed().add("gone");
  }
}
