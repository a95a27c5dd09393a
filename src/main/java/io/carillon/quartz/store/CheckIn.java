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

  private static final Duration LARGEST_JUMP = Duration.ofMillis(500);
  private static final Duration SUSPICIOUS_OFFSET = Duration.ofMillis(500);
  private static final Duration UNUSABLE_OFFSET = Duration.ofSeconds(2);

  private final Connections connections;
  private final NodeRows rows;
  private final Self self;
  private final InstantSource clock;
  private final IntSupplier inFlight;
  private final Thread thread = new Thread(this::run, "carillon-check-in");

  private volatile boolean handsOver;

  // Written by the check-in thread only (and by join, before it starts).
  private volatile String instanceName;
  private volatile Renewal renewal;
  private volatile long presentSinceNanos = System.nanoTime();
  private volatile Duration clockOffset = Duration.ZERO;
  private volatile boolean stopping;
  private int token;
  private @Nullable Connection connection;
  private boolean offsetReported;

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

  /** The moment before a successful check-in, by both clocks. */
  private record Renewal(long nanos, long wallMillis) {}

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
    this.renewal = new Renewal(System.nanoTime() - self.lease().toNanos(), clock.millis());
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
    return !handsOver && name.equals(instanceName) && isFresh() && isClockSteady();
  }

  /** From now on others make what this node has fired: it begins no call any more. */
  void handOver() {
    handsOver = true;
  }

  /**
   * Whether this node may fire now: its lease is fresh, its clock near the database's and not set
   * since.
   */
  boolean mayFire() {
    return isFresh() && isClockSteady() && isNear(clockOffset);
  }

  /**
   * Whether this node may judge others, by what it has seen since {@link #presentSinceNanos}: not
   * while its clock is off, because it gives the time to what it takes over.
   */
  boolean mayJudge() {
    return mayFire();
  }

  /**
   * Since when, by the monotonic clock, this node has been here without a gap of a lease or more.
   * While it was away the others may have been away as well, so their silence until then says
   * nothing.
   */
  long presentSinceNanos() {
    return presentSinceNanos;
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
    return Duration.ofNanos(System.nanoTime() - renewal.nanos());
  }

  Duration clockOffset() {
    return clockOffset;
  }

  /** Whether the last check-in is young. */
  boolean isFresh() {
    return age().compareTo(self.lease().minus(MARGIN)) < 0;
  }

  private boolean isClockSteady() {
    return clockJump().compareTo(LARGEST_JUMP) < 0;
  }

  /**
   * How far the wall clock has moved against the monotonic one since the last check-in: the machine
   * was suspended, or somebody set the clock. Until the next check-in has compared it with the
   * database's, nothing may fire by it.
   */
  private Duration clockJump() {
    Renewal last = renewal;
    long wall = clock.millis() - last.wallMillis();
    long monotonic = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last.nanos());
    return Duration.ofMillis(wall - monotonic).abs();
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
    Renewal now = new Renewal(System.nanoTime(), clock.millis());
    Connection open = connected();
    Duration offset = measureOffset(open);
    if (!rows.renew(open, instanceName, offset, inFlight.getAsInt())) {
      LOG.warn(
          "node {} was taken for dead after {} ms without a check-in; it goes on under a new name",
          instanceName,
          age().toMillis());
      register();
      return;
    }
    rows.show(open, instanceName, INTERVAL);
    observe(offset);
    if (now.nanos() - renewal.nanos() > self.lease().toNanos()) {
      presentSinceNanos = System.nanoTime();
    }
    renewal = now;
  }

  private void register() throws SQLException {
    Renewal now = new Renewal(System.nanoTime(), clock.millis());
    Connection open = connected();
    observe(measureOffset(open));
    token++;
    String name = self.nodeId() + "." + token;
    rows.insert(
        open,
        new NodeRow(name, self.nodeId(), token, self.lease(), self.address(), self.version()));
    rows.show(open, name, INTERVAL);
    instanceName = name;
    presentSinceNanos = System.nanoTime();
    renewal = now;
    LOG.info("node {} joined the cluster", name);
  }

  /** Node clock minus database clock, at the middle of a small round trip. */
  private Duration measureOffset(Connection open) throws SQLException {
    Instant before = clock.instant();
    Instant database = rows.databaseNow(open);
    Instant after = clock.instant();
    return Duration.between(database, before.plus(Duration.between(before, after).dividedBy(2)));
  }

  private void observe(Duration offset) {
    clockOffset = offset;
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
