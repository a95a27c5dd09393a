package io.carillon.events;

import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.EventSink;
import io.carillon.execution.StoreParticipant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live events of one node: looks each second whether anybody in the cluster listens, and while
 * there are readers here reads the events and tells them. Owns the thread {@code carillon-events}.
 * Lifecycle: {@link #start}, {@link #sendAway}, {@link #close}; each once or more, the last two
 * also without the first. Thread-safe.
 */
public final class LiveEvents implements EventFeed, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BEAT = Duration.ofSeconds(15);
  private static final Duration TO_WELCOME = Duration.ofSeconds(10);
  private static final Duration LEAVING = Duration.ofSeconds(1);

  private final DataSource pool;
  private final EventMetrics metrics;
  private final int most;
  private final InstantSource clock;
  private final Attention attention = new Attention();
  private final EventJournal journal;
  private final OldEvents old = new OldEvents();
  private final String node = UUID.randomUUID().toString();
  private final Thread thread = new Thread(this::run, "carillon-events");
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private boolean leaving;

  private volatile boolean stopping;
  private volatile double lagSeconds;

  // Of the thread, once it is started.
  private @Nullable Store store;
  private @Nullable Listening listening;
  private @Nullable Tail tail;
  private long looked = System.nanoTime() - LOOK.toNanos();
  private long beaten = System.nanoTime();
  private boolean inForce;
  private boolean failing;

  /** The store of this node, in whose transactions events are raised. */
  public interface Store {
    /** The name of its row in table {@code node}, now. */
    String node();

    /** Returns when all transactions that are open now, on any node, are over. */
    void awaitOpenTransactions() throws SQLException;
  }

  /**
   * @param most readers at once
   */
  public LiveEvents(DataSource pool, EventMetrics metrics, int most, InstantSource clock) {
    this.pool = pool;
    this.metrics = metrics;
    this.most = most;
    this.clock = clock;
    this.journal = new EventJournal(attention, metrics);
    thread.setDaemon(true);
    metrics.readers(readers::size);
    metrics.eventLag(() -> lagSeconds);
  }

  /** A participant that writes events around another one. */
  public EventWriter around(StoreParticipant inner) {
    return new EventWriter(inner, journal);
  }

  /** Where parts that are no participants of the store raise events, in its transactions. */
  public EventSink sink() {
    return journal;
  }

  /** Begins. A first look is made before it returns, if the database answers. */
  public void start(Store store) {
    this.store = store;
    listening = new Listening(node, attention, store);
    guarded();
    thread.start();
  }

  @Override
  public void checkRoom() {
    synchronized (this) {
      if (leaving || readers.size() >= most) {
        throw new TooManyReaders(
            leaving
                ? "this node is stopping; follow the events of another one"
                : "this node has the " + most + " readers that carillon.events.readers allows");
      }
    }
  }

  @Override
  public Reading open(EventFilter filter, @Nullable Long after, Outlet outlet) {
    Reader reader;
    synchronized (this) {
      checkRoom();
      reader = new Reader(filter, after, outlet, this::wake);
      readers.add(reader);
    }
    wake();
    return reader;
  }

  private void wake() {
    readers.removeIf(Reader::isClosed);
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!stopping) {
      if (!guarded()) {
        long pause = readers.isEmpty() ? looked + LOOK.toNanos() - System.nanoTime() : 0;
        LockSupport.parkNanos(Math.max(pause, POLL.toNanos()));
      }
    }
  }

  /** One turn. @return whether there is more to do at once */
  private boolean guarded() {
    try {
      tend();
      boolean more = turn();
      failing = false;
      return more;
    } catch (SQLException e) {
      if (!failing) {
        LOG.warn("live events wait for the database: {}", e.getMessage());
      }
      failing = true;
    } catch (RuntimeException | Error e) {
      LOG.error("live events failed and go on", e);
    }
    return false;
  }

  /** What needs no database. */
  private void tend() {
    boolean beat = System.nanoTime() - beaten >= BEAT.toNanos();
    for (Reader reader : readers) {
      if (reader.tend()) {
        metrics.readerDropped("STUCK");
      } else if (reader.position() == null && reader.waited().compareTo(TO_WELCOME) > 0) {
        if (reader.end(Reason.UNAVAILABLE)) {
          metrics.readerDropped(Reason.UNAVAILABLE.name());
        }
      } else if (beat && tail != null && reader.position() != null && reader.isIdle()) {
        reader.offer(new Beat(tail.settled(reader)));
      }
    }
    if (beat) {
      beaten = System.nanoTime();
    }
  }

  private boolean turn() throws SQLException {
    boolean look = System.nanoTime() - looked >= LOOK.toNanos();
    if (readers.isEmpty() && !look && tail == null) {
      return false;
    }
    try (Connection connection = pool.getConnection()) {
      if (look) {
        look(connection);
      }
      return readers.isEmpty() ? cease(connection) : serve(connection);
    }
  }

  private void look(Connection connection) throws SQLException {
    long before = System.nanoTime();
    Store ours = store;
    boolean somebody = ours == null || ListenerRows.mayAnybodyBeThere(connection, ours.node());
    attention.looked(somebody, before);
    looked = before;
    old.tend(connection, somebody);
  }

  private boolean cease(Connection connection) throws SQLException {
    Listening row = listening;
    if (row != null) {
      row.cease(connection);
    }
    tail = null;
    inForce = false;
    lagSeconds = 0;
    return false;
  }

  private boolean serve(Connection connection) throws SQLException {
    Listening row = listening;
    Long from = row == null ? null : row.listen(connection);
    Tail reading = tail;
    if (from == null && reading == null) {
      return false;
    }
    if (reading == null) {
      reading = Tail.at(connection, readers, metrics);
      tail = reading;
    } else if (from != null && !inForce) {
      reading.tellGap();
    }
    inForce = from != null;
    boolean more = reading.turn(connection);
    lagSeconds = reading.lagSeconds();
    for (Reader reader : readers) {
      if (reader.position() == null && from != null) {
        reading.welcome(connection, reader, from, clock.instant());
      }
      more |= reading.catchUp(connection, reader);
    }
    return more;
  }

  /** Tells all readers to go elsewhere, lets none in, and waits a second at the most. */
  public void sendAway() {
    synchronized (this) {
      leaving = true;
    }
    readers.forEach(reader -> reader.end(Reason.LEAVING));
    long until = System.nanoTime() + LEAVING.toNanos();
    while (!readers.isEmpty() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    readers.forEach(Reader::abort);
  }

  /** Sends the readers away and ends the thread. */
  @Override
  public void close() {
    sendAway();
    stopping = true;
    LockSupport.unpark(thread);
    try {
      if (thread.isAlive()) {
        thread.join(LEAVING.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
