package io.carillon.events;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where one reader is reached. */
public interface Outlet {
  /**
   * Sends a message without waiting for it to arrive. Called again only after the last message was
   * sent, by any thread. After {@link LiveMessage.End} the connection is to be closed.
   *
   * @param sent is to be called once, by any thread, with null or why it failed
   */
  void send(LiveMessage message, Consumer<@Nullable Throwable> sent);

  /** Closes the connection at once, whatever is under way. Idempotent. */
  void abort();
}
