package io.carillon.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * Closes connections whose next request does not get beyond its headers in time. Jetty's idle
 * time-out begins anew with each byte, so a client that sends one now and then would hold its
 * connection for hours, and enough of them would hold them all. A connection that waits in silence
 * is left to the idle time-out; one with a request in work is left alone, and so is a WebSocket, on
 * which no request follows. Thread-safe.
 */
final class HeaderDeadline implements Connection.Listener {
  private final Duration patience;
  private final Scheduler scheduler;

  /**
   * @param patience how long headers may take; it is looked four times within it
   */
  HeaderDeadline(Duration patience, Scheduler scheduler) {
    this.patience = patience;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof WebSocketConnection)) {
      new Watch(connection).again();
    }
  }

  /** Of one connection; run by one thread after the other. */
  private final class Watch implements Runnable {
    private final Connection connection;
    private long messages;
    private long bytes;

    /** When the first bytes of a request were seen that is still not complete. */
    private long since;

    private boolean begun;

    Watch(Connection connection) {
      this.connection = connection;
    }

    void again() {
      scheduler.schedule(this, patience.toMillis() / 4, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
      if (!connection.getEndPoint().isOpen()) {
        return;
      }
      long received = connection.getMessagesIn();
      if (received != messages || received != connection.getMessagesOut()) {
        messages = received;
        bytes = connection.getBytesIn();
        begun = false;
      } else if (!begun && connection.getBytesIn() > bytes) {
        begun = true;
        since = System.nanoTime();
      } else if (begun && System.nanoTime() - since >= patience.toNanos()) {
        connection.getEndPoint().close(new TimeoutException("headers took too long"));
        return;
      }
      again();
    }
  }
}
