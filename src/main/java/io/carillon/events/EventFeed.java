package io.carillon.events;

import org.jspecify.annotations.Nullable;

/** The live events of the cluster. Thread-safe. */
public interface EventFeed {
  /**
   * Whether another reader would be let in now.
   *
   * @throws TooManyReaders if not
   */
  void checkRoom();

  /**
   * Lets a reader in. It is welcomed once all nodes write events; what it is sent before and
   * whether it is filtered is decided here.
   *
   * @param after position to go on from; null for what happens from now on
   * @throws TooManyReaders if there are as many as this node may have
   */
  Reading open(EventFilter filter, @Nullable Long after, Outlet outlet);

  /** A reader that was let in. */
  interface Reading extends AutoCloseable {
    /** The client has gone. Idempotent. */
    @Override
    void close();
  }

  /** This node has as many readers as it may have; or it stops. */
  final class TooManyReaders extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyReaders(String message) {
      super(message, null, false, false);
    }
  }
}
