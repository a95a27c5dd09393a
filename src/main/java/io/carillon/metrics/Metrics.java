package io.carillon.metrics;

import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import io.carillon.execution.EngineMetrics;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.LedgerMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** All meters of one server process. Thread-safe. */
public final class Metrics
    implements EngineMetrics, LedgerMetrics, EventMetrics, Breakers.Meter, AutoCloseable {
  /** The media type of {@link #text()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration[] LATENESS_BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Timer lateness;
  private final DistributionSummary batches;
  private final Counter duplicates;
  private final Counter stale;
  private final Counter parked;
  private final Counter slow;
  private final Counter missing;
  private final Counter events;
  private final Counter quarantined;
  private final Counter openings;
  private final Counter held;

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    lateness =
        Timer.builder("carillon.lateness")
            .description("From the planned instant to the first attempt")
            .serviceLevelObjectives(LATENESS_BOUNDS)
            .register(registry);
    batches =
        DistributionSummary.builder("carillon.fired.batch")
            .description("Due attempts fired in one transaction")
            .register(registry);
    duplicates = counter("carillon.duplicates.dropped", "Instants that had an execution already");
    stale =
        counter("carillon.completions.stale", "Answers after the execution had moved to a node");
    parked = counter("carillon.triggers.parked", "Triggers that could not be read, put in ERROR");
    slow = counter("carillon.store.slow", "Operations of Quartz's own code under the lock row");
    quarantined = counter("carillon.executions.quarantined", "Executions that ended as POISON");
    openings = counter("carillon.breaker.openings", "Breakers of hosts that this node opened");
    held =
        counter("carillon.breaker.held", "Attempts fired and not begun, as a breaker had opened");
    missing = counter("carillon.ledger.missing", "Planned instants of which nothing is known");
    events = counter("carillon.events.written", "Live events written because somebody listens");
  }

  /**
   * Counts and times one answered request.
   *
   * @param route the template of the route, such as {@code /api/v1/jobs/{id}}; {@code none} when
   *     nothing matched
   */
  public void request(String method, String route, int status, Duration length) {
    Timer.builder("carillon.http.requests")
        .description("Answered API requests")
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(length);
  }

  @Override
  public void finished(ExecutionState state) {
    Counter.builder("carillon.executions.finished")
        .description("Executions that ended, by state")
        .tag("state", state.name())
        .register(registry)
        .increment();
  }

  @Override
  public void lateness(Duration length) {
    lateness.record(length);
  }

  @Override
  public void attempt(@Nullable String reason, Duration length) {
    Timer.builder("carillon.attempts")
        .description("Exchanges with targets, by result")
        .tag("result", reason == null ? "OK" : reason)
        .register(registry)
        .record(length);
  }

  @Override
  public void fired(int batch) {
    batches.record(batch);
  }

  @Override
  public void skipped(String reason, int count) {
    Counter.builder("carillon.executions.skipped")
        .description("Planned instants that were not run, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment(count);
  }

  @Override
  public void held(String reason, int count) {
    Counter.builder("carillon.executions.held")
        .description("Due runs that a limit held, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment(count);
  }

  @Override
  public void callbackFinished(ExecutionState state) {
    Counter.builder("carillon.callbacks.finished")
        .description("Callbacks that ended, by state")
        .tag("state", state.name())
        .register(registry)
        .increment();
  }

  /** How many runs a limit holds at the moment, in the whole cluster, by reason. */
  public void heldNow(String reason, DoubleSupplier runs) {
    gauge("carillon.held", "Runs that a limit holds now", Tags.of("reason", reason), runs);
  }

  @Override
  public void duplicatesDropped(int count) {
    duplicates.increment(count);
  }

  @Override
  public void staleCompletions(int count) {
    stale.increment(count);
  }

  @Override
  public void parked(int count) {
    parked.increment(count);
  }

  @Override
  public void healed(String kind, int count) {
    Counter.builder("carillon.ownerless.healed")
        .description("States without an owner that were put right, by kind")
        .tag("kind", kind)
        .register(registry)
        .increment(count);
  }

  @Override
  public void quarantined(int count) {
    quarantined.increment(count);
  }

  @Override
  public void slowPath(int count) {
    slow.increment(count);
  }

  @Override
  public void leaseAge(DoubleSupplier seconds) {
    gauge("carillon.lease.age.seconds", "Since the last successful check-in", seconds);
  }

  @Override
  public void inFlight(DoubleSupplier calls) {
    gauge("carillon.calls.running", "Calls to targets that run now", calls);
  }

  @Override
  public void ledgerMissing(long count) {
    missing.increment(count);
  }

  @Override
  public void ledgerUnbalanced(DoubleSupplier jobs) {
    gauge(
        "carillon.ledger.unbalanced.jobs",
        "Jobs of which a planned instant was found missing in the last 24 hours",
        jobs);
  }

  @Override
  public void eventsWritten(int count) {
    events.increment(count);
  }

  @Override
  public void readerDropped(String reason) {
    Counter.builder("carillon.events.readers.dropped")
        .description("Readers of live events that were sent away, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  @Override
  public void readers(DoubleSupplier readers) {
    gauge("carillon.events.readers", "Readers of live events on this node", readers);
  }

  @Override
  public void eventLag(DoubleSupplier seconds) {
    gauge("carillon.events.lag.seconds", "From an event to its telling, at the last read", seconds);
  }

  /** Registers the reading of how many dead letters there are. Once, at start. */
  public void deadLetters(DoubleSupplier letters) {
    gauge(
        "carillon.dead.letters",
        "Executions that failed for good and were not dealt with",
        letters);
  }

  @Override
  public void breakerOpened() {
    openings.increment();
  }

  @Override
  public void attemptHeld() {
    held.increment();
  }

  @Override
  public void breakers(Breaker.State state, DoubleSupplier count) {
    gauge(
        "carillon.breakers",
        "Breakers that are not closed, and closed ones of hosts that failed lately",
        Tags.of("state", state.name()),
        count);
  }

  /** Everything, as Prometheus text. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private void gauge(String name, String description, DoubleSupplier value) {
    gauge(name, description, Tags.empty(), value);
  }

  private void gauge(String name, String description, Tags tags, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }
}
