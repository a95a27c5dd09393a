package io.carillon;

import io.carillon.config.Configuration;
import io.carillon.config.StoreLock;
import io.carillon.db.Database;
import io.carillon.execution.EngineMetrics;
import io.carillon.history.HistoryWriter;
import io.carillon.history.Partitions;
import io.carillon.job.Calendars;
import io.carillon.job.JobScheduler;
import io.carillon.quartz.Engine;
import io.carillon.quartz.store.Pace;
import io.carillon.quartz.store.StoreDatabase;
import io.carillon.target.EgressPolicy;
import io.carillon.target.Targets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * A node without HTTP, composed as {@link Server} does it, so that creation can be measured at the
 * engine itself. Thread-safe; closing is idempotent.
 */
public final class BareEngine implements AutoCloseable {
  private final Database database;
  private final Engine engine;

  private BareEngine(Database database, Engine engine) {
    this.database = database;
    this.engine = engine;
  }

  /**
   * Migrates the schema, joins the cluster and begins to fire.
   *
   * @param settings further configuration keys
   */
  public static BareEngine start(
      String url, String user, String password, Map<String, String> settings) {
    Configuration configuration = Configuration.of(settings);
    Database database = Database.open(configuration.database().at(url, user, password));
    InstantSource clock = InstantSource.system();
    new Partitions(database.dataSource(), clock).runOnce();
    Engine engine =
        new Engine(
            configuration.quartzProperties(),
            new StoreDatabase(
                database.dataSource(),
                database::openCheckInConnection,
                configuration.tablePrefix(),
                configuration.schedulerName(),
                database.facts().endsIdleTransactions(),
                configuration.storeLock() == StoreLock.SHARED,
                database::succeed),
            new Engine.Node(
                "bare",
                configuration.node().lease(),
                configuration.node().inflight(),
                Pace.STANDARD,
                null,
                Version.current()),
            new Engine.Ports(
                new HistoryWriter(new SpecCodec(), Calendars.NONE),
                new Targets(EgressPolicy.of(List.of(), true), Version.current()),
                EngineMetrics.none(),
                clock));
    try {
      engine.start();
      return new BareEngine(database, engine);
    } catch (SQLException fault) {
      engine.close();
      database.close();
      throw new IllegalStateException("The engine does not start", fault);
    }
  }

  /** What the API would call. */
  public JobScheduler jobs() {
    return engine.jobs();
  }

  @Override
  public void close() {
    engine.close();
    database.close();
  }
}
