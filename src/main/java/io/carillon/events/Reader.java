package io.carillon.events;

import io.carillon.events.EventFeed.Reading;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader: a bounded queue before its outlet, which has one message on its way at a time. Who
 * reads too slowly is told so and sent away; nothing is kept for it. Thread-safe; the position
 * belongs to the thread that reads the table.
 */
final class Reader implements Reading {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
  static final int MOST_MESSAGES = 5_000;
  static final int MOST_BYTES = 4 << 20;

  private static final int MOST_OWN_MESSAGES = 1_000;
  private static final int MOST_OWN_BYTES = 256 << 10;

  /** A message that is on its way for so long will not arrive. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** So long may it take to be told that it is over. */
  private static final Duration GOODBYE = Duration.ofSeconds(3);

  private final EventFilter filter;
  private final Outlet outlet;
  private final Runnable left;

  // Guarded by this.
  private final Deque<LiveMessage> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean sending;
  private boolean pumping;
  private boolean ending;
  private boolean closed;
  private long since = System.nanoTime();

  // Of the thread that reads the table.
  private final @Nullable Long after;
  private final long came = System.nanoTime();
  private @Nullable Long position;
  private boolean live;

  /**
   * @param after position to go on from; null for what happens from now on
   * @param left is run once it is closed
   */
  Reader(EventFilter filter, @Nullable Long after, Outlet outlet, Runnable left) {
    this.filter = filter;
    this.after = after;
    this.outlet = outlet;
    this.left = left;
  }

  EventFilter filter() {
    return filter;
  }

  @Nullable Long after() {
    return after;
  }

  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - came);
  }

  /** Null before it was welcomed. */
  @Nullable Long position() {
    return position;
  }

  void moveTo(long id) {
    position = id;
  }

  /** Whether it is told everything as soon as it is read. */
  boolean isLive() {
    return live;
  }

  void goLive() {
    live = true;
  }

  /** Whether so many more would fit that are for this reader alone, and shared with no other. */
  synchronized boolean hasRoomFor(int messages) {
    return waiting.size() + messages <= MOST_OWN_MESSAGES && bytes < MOST_OWN_BYTES;
  }

  synchronized boolean isIdle() {
    return !sending && waiting.isEmpty();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Queues a message. @return false if that was too much: the reader is told, and goes */
  boolean offer(LiveMessage message) {
    synchronized (this) {
      if (closed || ending) {
        return true;
      }
      if (waiting.size() < MOST_MESSAGES && bytes + message.size() <= MOST_BYTES) {
        waiting.add(message);
        bytes += message.size();
        if (!startPumping()) {
          return true;
        }
      } else {
        message = new End(Reason.SLOW);
      }
    }
    if (message instanceof End end) {
      end(end.reason());
      return false;
    }
    pump();
    return true;
  }

  /**
   * Sends it away: what waits is dropped, and the reason is the last it is told.
   *
   * @return false if it was going already
   */
  boolean end(Reason reason) {
    synchronized (this) {
      if (closed || ending) {
        return false;
      }
      ending = true;
      waiting.clear();
      bytes = 0;
      waiting.add(new End(reason));
      since = System.nanoTime();
      if (!startPumping()) {
        return true;
      }
    }
    pump();
    return true;
  }

  /**
   * Closes it where nothing goes on any more.
   *
   * @return whether that is why it goes: it was not being sent away already
   */
  boolean tend() {
    boolean stuck;
    synchronized (this) {
      Duration patience = ending ? GOODBYE : STUCK;
      if (closed || !(sending || ending) || System.nanoTime() - since < patience.toNanos()) {
        return false;
      }
      stuck = !ending;
    }
    abort();
    return stuck;
  }

  /** Breaks it off. */
  void abort() {
    outlet.abort();
    close();
  }

  private boolean startPumping() {
    if (pumping || sending) {
      return false;
    }
    pumping = true;
    return true;
  }

  /** One thread at a time: whoever has set {@link #pumping}. */
  private void pump() {
    while (true) {
      LiveMessage next;
      synchronized (this) {
        next = closed || sending ? null : waiting.poll();
        if (next == null) {
          pumping = false;
          return;
        }
        bytes = Math.max(0, bytes - next.size());
        sending = true;
        if (!ending) {
          since = System.nanoTime();
        }
      }
      send(next);
    }
  }

  /** Whatever is wrong with one reader, the others do not suffer. */
  private void send(LiveMessage next) {
    boolean last = next instanceof End;
    try {
      outlet.send(next, failure -> sent(last || failure != null));
    } catch (RuntimeException e) {
      LOG.warn("a reader of events cannot be reached and is sent away", e);
      abort();
    }
  }

  private void sent(boolean over) {
    synchronized (this) {
      sending = false;
      if (!over && !startPumping()) {
        return;
      }
    }
    if (over) {
      close();
    } else {
      pump();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      bytes = 0;
    }
    left.run();
  }
}
