package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Admission;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import io.carillon.execution.Completion;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.HostLanes;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/** Nodes with breakers on one database, their clocks set by hand, and targets in memory. */
final class BreakerRig {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final TestDatabase database;
  final AtomicReference<Instant> time = new AtomicReference<>(NOON);
  final AtomicInteger openings = new AtomicInteger();

  /** No breaker has a row any more. */
  BreakerRig(TestDatabase database) {
    this.database = database;
    transaction(
        c -> Sql.update(c, "DELETE FROM breaker") + Sql.update(c, "DELETE FROM breaker_count"));
  }

  /** One node: makes calls, and writes how they end. */
  final class Node {
    final CircuitBreakers breakers;
    final StoreParticipant participant;
    final AtomicInteger called = new AtomicInteger();
    Outcome answer = ok();

    /** Whether the lease of the node has ended when a call does. */
    boolean isFrozen;

    Node(BreakerConfig config) {
      breakers =
          new CircuitBreakers(
              database.dataSource(), config, meter(), EventSink.NONE, HostLanes.NONE, time::get);
      participant = breakers.participant(noHistory());
    }

    Firing fire(String host) {
      return firing(host, time.get());
    }

    /** Calls a target; what came of it is not written yet. Empty if the call was not admitted. */
    Optional<Completion> call(Firing firing) {
      Instant begun = time.get();
      int before = called.get();
      return breakers
          .caller(target())
          .call(firing, () -> !isFrozen || called.get() == before)
          .map(
              outcome ->
                  new Completion(
                      firing, outcome, new Finish(ExecutionState.FAILED, null), begun, time.get()));
    }

    private TargetCaller target() {
      return new TargetCaller() {
        @Override
        public Optional<Outcome> call(Firing firing, Admission admission) {
          called.incrementAndGet();
          return Optional.of(answer);
        }

        @Override
        public void cancel(ExecutionId id) {}

        @Override
        public void cancelAll() {}
      };
    }

    void write(Connection connection, Completion... completions) throws SQLException {
      participant.answered(connection, List.of(completions));
    }

    /** Calls a host so many times, one after another, and writes each end by itself. */
    Node calls(String host, int times, Outcome how) {
      answer = how;
      for (int i = 0; i < times; i++) {
        Completion completion = call(fire(host)).orElseThrow();
        transaction(
            c -> {
              write(c, completion);
              return null;
            });
      }
      return this;
    }

    /** The hosts whose gates are not closed, as a transaction of this node sees it. */
    Map<String, Gate> shut() {
      return transaction(c -> breakers.gates().shut(c, time.get()));
    }

    /** Fires a probe; null if it may not. */
    Firing probe(String host) {
      Firing firing = fire(host);
      boolean claimed =
          transaction(c -> breakers.gates().claimProbe(c, host, firing.id(), time.get()));
      return claimed ? firing : null;
    }

    /** Fires a probe and writes how it ends. */
    void probes(String host, Outcome how) {
      Firing firing = probe(host);
      answer = how;
      Completion completion = call(firing).orElseThrow();
      transaction(
          c -> {
            write(c, completion);
            return null;
          });
    }
  }

  Node node() {
    return new Node(BreakerConfig.DEFAULT);
  }

  Node node(BreakerConfig config) {
    return new Node(config);
  }

  void pass(Duration length) {
    time.updateAndGet(now -> now.plus(length));
  }

  Breaker breaker(String host) {
    return transaction(c -> BreakerTable.find(c, host)).orElseGet(() -> Breaker.unknown(host));
  }

  static Outcome ok() {
    return new Outcome.Succeeded(200, null);
  }

  static Outcome unavailable() {
    return new Outcome.Failed("HTTP_503", "answered 503", 503, null, null);
  }

  static Outcome denied() {
    return Outcome.Failed.of("EGRESS_DENIED", "not allowed");
  }

  static Firing firing(String host, Instant firedAt) {
    Job job =
        Job.of(
            JobId.of("job-" + UUID.randomUUID()),
            new Target.Http("POST", "http://" + host + "/x", Map.of(), null, Duration.ofSeconds(5)),
            new Schedule.Now(Limits.NONE));
    return new Firing(
        ExecutionId.planned(job.id(), 1, firedAt),
        job,
        1,
        firedAt,
        1,
        1,
        false,
        "a-1",
        firedAt,
        Map.of());
  }

  <T> T transaction(TestDatabase.Work<T> work) {
    return database.transaction(work);
  }

  /** How many statements some work takes. */
  int statements(TestDatabase.Work<?> work) {
    AtomicInteger count = new AtomicInteger();
    transaction(
        connection ->
            work.in(
                (Connection)
                    Proxy.newProxyInstance(
                        BreakerRig.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                          if (method.getName().equals("prepareStatement")) {
                            count.incrementAndGet();
                          }
                          return method.invoke(connection, arguments);
                        })));
    return count.get();
  }

  List<String> rows(String sql) {
    return transaction(c -> new ArrayList<>(Sql.query(c, sql, row -> row.getString(1))));
  }

  private Breakers.Meter meter() {
    return new Breakers.Meter() {
      @Override
      public void breakerOpened() {
        openings.incrementAndGet();
      }

      @Override
      public void breakers(Breaker.State state, DoubleSupplier count) {}

      @Override
      public void attemptHeld() {}
    };
  }

  /** Nothing but breakers is written here. */
  private static StoreParticipant noHistory() {
    return (StoreParticipant)
        Proxy.newProxyInstance(
            BreakerRig.class.getClassLoader(),
            new Class<?>[] {StoreParticipant.class},
            (proxy, method, arguments) -> null);
  }
}
