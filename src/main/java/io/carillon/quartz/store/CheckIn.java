package io.carillon.quartz.store;

import io.carillon.execution.Lease;
import io.carillon.quartz.store.NodeRows.NodeRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's lease every second, on a connection and a thread ({@code carillon-check-in})
 * of its own, and never takes the lock row. A node whose row is gone was taken for dead: it takes a
 * new token, and with it a new instance name, so that nothing it held under the old name counts any
 * more. Reading the lease is thread-safe and free.
 */
final class CheckIn implements Lease, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckIn.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(500);

  /** Calls stop this long before peers may take over, whatever lies between the two clocks. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration SUSPICIOUS_OFFSET = Duration.ofMillis(500);
  private static final Duration UNUSABLE_OFFSET = Duration.ofSeconds(2);

  private final Connections connections;
  private final NodeRows rows;
  private final Self self;
  private final InstantSource clock;
  private final IntSupplier inFlight;
  private final Thread thread = new Thread(this::run, "carillon-check-in");

  // Written by the check-in thread only (and by join, before it starts).
  private volatile String instanceName;
  private volatile long renewedNanos;
  private volatile long judgeFromNanos;
  private volatile Duration clockOffset = Duration.ZERO;
  private volatile Reading measured;
  private volatile boolean stopping;
  private int token;
  private @Nullable Connection connection;
  private boolean offsetReported;

  /** This node's clock at a moment of the monotonic one. */
  private record Reading(Instant clock, long nanos) {
    /** By how much the clock has been set since. */
    Duration drift(InstantSource now) {
      Instant expected = clock.plusNanos(System.nanoTime() - nanos);
      return Duration.between(expected, now.instant());
    }
  }

  /** Opens the one connection beside the pool. */
  @FunctionalInterface
  interface Connections {
    Connection open() throws SQLException;
  }

  /**
   * What this node says of itself.
   *
   * @param nodeId host and random, new with every process
   * @param lease how long a check-in is good for
   */
  record Self(String nodeId, Duration lease, @Nullable String address, String version) {}

  CheckIn(
      Connections connections,
      NodeRows rows,
      Self self,
      InstantSource clock,
      IntSupplier inFlight) {
    this.connections = connections;
    this.rows = rows;
    this.self = self;
    this.clock = clock;
    this.inFlight = inFlight;
    this.instanceName = self.nodeId() + ".0";
    this.measured = new Reading(clock.instant(), System.nanoTime());
    thread.setDaemon(true);
  }

  /** Registers this node and starts renewing. */
  void join() throws SQLException {
    register();
    thread.start();
  }

  @Override
  public String instanceName() {
    return instanceName;
  }

  @Override
  public boolean holds(String name) {
    return name.equals(instanceName) && isFresh();
  }

  /**
   * Whether this node may fire now: its lease is fresh, its clock is near the database's, and has
   * not been set since that was measured.
   */
  boolean mayFire() {
    return isFresh() && isNear(clockOffset) && isNear(measured.drift(clock));
  }

  /**
   * Whether this node may judge others: not within one lease of a gap of its own, and not while its
   * clock is off, because it gives the time to what it takes over.
   */
  boolean mayJudge() {
    return isFresh() && isNear(clockOffset) && System.nanoTime() - judgeFromNanos >= 0;
  }

  private static boolean isNear(Duration offset) {
    return offset.abs().compareTo(UNUSABLE_OFFSET) < 0;
  }

  /** The database's time, as far as this node knows it. */
  Instant databaseNow() {
    return clock.instant().minus(clockOffset);
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - renewedNanos);
  }

  Duration clockOffset() {
    return clockOffset;
  }

  boolean isFresh() {
    return age().compareTo(self.lease().minus(MARGIN)) < 0;
  }

  private void run() {
    while (!stopping) {
      Duration pause = INTERVAL;
      try {
        renew();
      } catch (SQLException e) {
        LOG.warn("check-in of {} failed: {}", instanceName, e.getMessage());
        disconnect();
        pause = RETRY;
      } catch (RuntimeException | Error e) {
        LOG.error("check-in of {} failed", instanceName, e);
        disconnect();
        pause = RETRY;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void renew() throws SQLException {
    long begun = System.nanoTime();
    Connection open = connected();
    Instant before = clock.instant();
    Instant database = rows.databaseNow(open);
    Instant after = clock.instant();
    Reading reading = new Reading(after, System.nanoTime());
    Duration offset =
        Duration.between(database, before.plus(Duration.between(before, after).dividedBy(2)));
    if (!rows.renew(open, instanceName, offset, inFlight.getAsInt())) {
      LOG.warn(
          "node {} was taken for dead after {} ms without a check-in; it goes on under a new name",
          instanceName,
          age().toMillis());
      register();
      return;
    }
    rows.show(open, instanceName, INTERVAL);
    renewed(begun);
    observe(offset, reading);
  }

  private void register() throws SQLException {
    long begun = System.nanoTime();
    Connection open = connected();
    token++;
    String name = self.nodeId() + "." + token;
    rows.insert(
        open,
        new NodeRow(name, self.nodeId(), token, self.lease(), self.address(), self.version()));
    rows.show(open, name, INTERVAL);
    instanceName = name;
    judgeFromNanos = begun + self.lease().toNanos();
    renewedNanos = begun;
    LOG.info("node {} joined the cluster", name);
  }

  private void renewed(long begun) {
    if (begun - renewedNanos > self.lease().toNanos()) {
      judgeFromNanos = begun + self.lease().toNanos();
    }
    renewedNanos = begun;
  }

  private void observe(Duration offset, Reading reading) {
    clockOffset = offset;
    measured = reading;
    boolean suspicious = offset.abs().compareTo(SUSPICIOUS_OFFSET) > 0;
    if (suspicious && !offsetReported) {
      LOG.warn(
          "the clock of this node is {} ms off the database's; from {} ms it stops firing",
          offset.toMillis(),
          UNUSABLE_OFFSET.toMillis());
    }
    offsetReported = suspicious;
  }

  private Connection connected() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = connections.open();
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("closing the check-in connection: {}", e.getMessage());
      }
    }
  }

  /**
   * Stops renewing and closes the connection. Idempotent. Leaves the row: {@link Recovery} or the
   * stop removes it.
   */
  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      if (thread.isAlive()) {
        thread.join(TimeUnit.SECONDS.toMillis(3));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    disconnect();
  }
}
