package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import io.carillon.execution.EventSink;
import io.carillon.execution.HostGates;
import io.carillon.execution.HostLanes;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.TargetCaller;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breakers of one node, assembled. Owns the thread {@code carillon-breakers}. Thread-safe;
 * {@link #start} once, {@link #close} any time.
 */
public final class CircuitBreakers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakers.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final DatabaseClock clock;
  private final HostTallies tallies;
  private final Probes probes = new Probes();
  private final Judge judge;
  private final Watch watch;
  private final Gates gates;
  private final StoredBreakers stored;
  private final Breakers.Meter meter;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "carillon-breakers");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param events is told of changes
   * @param lanes where runs wait for hosts
   * @param own this node's clock
   */
  public CircuitBreakers(
      DataSource database,
      BreakerConfig config,
      Breakers.Meter meter,
      EventSink events,
      HostLanes lanes,
      InstantSource own) {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String process = HexFormat.of().formatHex(random);
    this.meter = meter;
    this.clock = new DatabaseClock(own);
    this.tallies = new HostTallies(config, clock);
    Changes changes = new Changes(meter, events);
    this.judge = new Judge(config, tallies, process, changes);
    this.watch =
        new Watch(
            database,
            config,
            new Watch.Self(process, own, clock),
            tallies,
            probes,
            changes,
            new Wakes(lanes));
    this.gates = new Gates(config, watch, probes, changes, clock);
    this.stored = new StoredBreakers(database, config, changes, clock);
  }

  /** Records how calls end in the transactions of the store. */
  public StoreParticipant participant(StoreParticipant inner) {
    return new CountingParticipant(inner, judge, watch, probes, clock);
  }

  /** Counts calls, and stops those that must not begin. To be the outermost of all callers. */
  public TargetCaller caller(TargetCaller inner) {
    return new CountingCaller(inner, tallies, watch, meter);
  }

  /** Which hosts may be fired at. */
  public HostGates gates() {
    return gates;
  }

  /** What clients see. */
  public Breakers breakers() {
    return stored;
  }

  /**
   * Begins to watch.
   *
   * @param clockOffset node clock minus database clock
   */
  public void start(Supplier<Duration> clockOffset) {
    clock.offset(clockOffset);
    for (Breaker.State state : Breaker.State.values()) {
      meter.breakers(state, () -> watch.count(state));
    }
    thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes this node's picture of the breakers; what the thread does twice a second. */
  void look() {
    try {
      watch.runOnce();
    } catch (SQLException e) {
      LOG.debug("cannot look at the breakers now: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("the look at the breakers failed and is taken again", e);
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
