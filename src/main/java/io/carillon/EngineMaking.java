package io.carillon;

import io.carillon.breaker.CircuitBreakers;
import io.carillon.config.Configuration;
import io.carillon.config.StoreLock;
import io.carillon.db.Database;
import io.carillon.events.LiveEvents;
import io.carillon.execution.StoreParticipant;
import io.carillon.following.GroupedJobs;
import io.carillon.history.HistoryWriter;
import io.carillon.job.Calendars;
import io.carillon.metrics.Metrics;
import io.carillon.quartz.Engine;
import io.carillon.quartz.store.Pace;
import io.carillon.quartz.store.StoreDatabase;
import io.carillon.queue.QueueTable;
import java.time.InstantSource;

/**
 * Makes the engine of a node, with all that takes part in its store's transactions: history
 * innermost, live events outermost, as they tell what the others have written.
 */
record EngineMaking(
    Configuration configuration,
    Outbound outbound,
    Circuits circuits,
    Live live,
    Calendars calendars,
    Metrics metrics,
    InstantSource clock) {

  /** One that is not started yet. */
  Engine make(Database open, SpecCodec codec, String address) {
    LiveEvents events = live.open(open);
    CircuitBreakers breakers = circuits.open(configuration, open, metrics, events.sink());
    StoreParticipant history =
        new HistoryWriter(codec, calendars, new QueueTable(breakers.gates()));
    return new Engine(
        configuration.quartzProperties(),
        new StoreDatabase(
            open.dataSource(),
            open::openCheckInConnection,
            configuration.tablePrefix(),
            configuration.schedulerName(),
            open.facts().endsIdleTransactions(),
            configuration.storeLock() == StoreLock.SHARED,
            open::succeed),
        new Engine.Node(
            configuration.node().name(),
            configuration.node().lease(),
            configuration.node().inflight(),
            configuration.node().perHost(),
            Pace.STANDARD,
            address,
            Version.current()),
        new Engine.Ports(
            events.around(breakers.participant(new GroupedJobs(history))),
            Letters.rows(outbound.secrets().vault()),
            breakers.caller(outbound.targets()),
            metrics,
            clock,
            FollowUp.rules(outbound.rules())));
  }
}
