package io.carillon.quartz;

import io.carillon.config.Configuration;
import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Following;
import io.carillon.execution.HostGates;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.TargetCaller;
import io.carillon.history.DeadLetterRows;
import io.carillon.history.HistoryWriter;
import io.carillon.history.JobKeyRows;
import io.carillon.job.JobId;
import io.carillon.job.Resealing;
import io.carillon.quartz.store.CountingMetrics;
import io.carillon.quartz.store.Pace;
import io.carillon.quartz.store.StoreDatabase;
import io.carillon.queue.QueueTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Real engines on a real database, with a target in memory. Each engine is a node of one cluster.
 */
final class EngineRig implements AutoCloseable {
  final TestDatabase database = TestDatabase.create();
  final TokenCodec codec = new TokenCodec();
  final RecordedCalendars calendars = new RecordedCalendars();
  final RecordingTarget target = new RecordingTarget();
  private final CountingMetrics metrics = new CountingMetrics();
  private boolean endsIdleTransactions = true;
  private boolean sharesLock = true;

  /** What the next engine is told of earlier processes. */
  StoreDatabase.Succession succession = StoreDatabase.Succession.NONE;

  /** Workers of the next engine, where the JVM has no virtual threads. */
  int threads = 100;

  /** What the next engine gets in place of the pool. */
  UnaryOperator<DataSource> pool = UnaryOperator.identity();

  /** What the next engine starts when executions end. */
  Following following = Following.NONE;

  /** How what the next engine stores comes under other ids. */
  Resealing resealing = Resealing.NONE;

  /** Which hosts the next engine may call. */
  HostGates gates = HostGates.NONE;

  /** What stands around the next engine's history, and its calls. */
  UnaryOperator<StoreParticipant> around = UnaryOperator.identity();

  UnaryOperator<TargetCaller> before = UnaryOperator.identity();

  /** How soon the next engine puts right what has no owner. */
  Pace pace = Pace.STANDARD;

  /** By how much the nodes' clocks are set forward. */
  volatile Duration clockSet = Duration.ZERO;

  private final List<Engine> engines = new ArrayList<>();

  /** As MySQL: each transaction under the lock row brings its own time-out. */
  EngineRig withOwnIdleTimeouts() {
    endsIdleTransactions = false;
    return this;
  }

  /** Hot steps take the lock row one at a time. */
  EngineRig withExclusiveLock() {
    sharesLock = false;
    return this;
  }

  /** What has no owner is put right within seconds. */
  EngineRig withQuickPace() {
    pace = new Pace(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3));
    return this;
  }

  /** What the engines' transactions go through. */
  EngineRig through(UnaryOperator<DataSource> between) {
    pool = between;
    return this;
  }

  Engine start() {
    return start(1000);
  }

  Engine start(int inFlight) {
    Properties properties = Configuration.of(Map.of()).quartzProperties();
    // Quartz keeps schedulers by name in one JVM; the rows' SCHED_NAME is the cluster's all the
    // same.
    properties.setProperty(
        "org.quartz.scheduler.instanceName",
        "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 12));
    properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
    Engine engine =
        new Engine(
            properties,
            new StoreDatabase(
                pool.apply(database.dataSource()),
                this::checkIn,
                "QRTZ_",
                "carillon",
                endsIdleTransactions,
                sharesLock,
                succession),
            new Engine.Node("test", Duration.ofSeconds(4), inFlight, pace, null, "test"),
            new Engine.Ports(
                around.apply(new HistoryWriter(codec, calendars, new QueueTable(gates))),
                new Engine.Intake(new JobKeyRows(), new DeadLetterRows(), resealing),
                before.apply(target),
                metrics,
                clock(),
                following));
    try {
      engine.start();
    } catch (Exception e) {
      throw new IllegalStateException("the engine would not start", e);
    }
    engines.add(engine);
    return engine;
  }

  private InstantSource clock() {
    return () -> InstantSource.system().instant().plus(clockSet);
  }

  private Connection checkIn() throws SQLException {
    Connection connection =
        java.sql.DriverManager.getConnection(database.url(), database.user(), database.password());
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  Connection connection() throws SQLException {
    return database.dataSource().getConnection();
  }

  <T> List<T> query(String sql, Sql.Row<T> row, Object... values) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.query(connection, sql, row, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  int update(String sql, Object... values) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.update(connection, sql, values);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Without a look at foreign keys: what no server would allow otherwise. */
  void unchecked(String sql) {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.update(connection, "SET SESSION foreign_key_checks = 0");
      Sql.update(connection, sql);
      Sql.update(connection, "SET SESSION foreign_key_checks = 1");
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** What the reconcilers of all engines have put right, by kind. */
  Map<String, Integer> healed() {
    return metrics.healed();
  }

  /** How many due runs a limit has held. */
  int heldBack() {
    return metrics.held();
  }

  /** How many answers came when the attempt was another's. */
  int stale() {
    return metrics.stale();
  }

  /** How callbacks have ended. */
  Map<ExecutionState, Integer> callbacks() {
    return metrics.callbacks();
  }

  /** How many executions were given up at their third node's death. */
  int quarantined() {
    return metrics.quarantined();
  }

  String one(String sql, Object... values) {
    List<String> rows = query(sql, row -> row.getString(1), values);
    return rows.isEmpty() ? "" : rows.get(0);
  }

  /** A job's execution, as {@code SUCCEEDED 1}: its state and its attempt. */
  String executionOf(JobId id) {
    return one("SELECT CONCAT(state, ' ', attempt) FROM execution WHERE job_id = ?", id.value());
  }

  /** The state of a job. */
  String jobOf(JobId id) {
    return one("SELECT state FROM job WHERE id = ?", id.value());
  }

  /** The state of a job's trigger. */
  String triggerOf(JobId id) {
    return one("SELECT TRIGGER_STATE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id.value());
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
    database.close();
  }
}
