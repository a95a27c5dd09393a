package io.carillon.quartz.store;

import io.carillon.db.TestDatabase;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep;
import io.carillon.execution.Outcome;
import io.carillon.execution.StoreParticipant;
import io.carillon.quartz.AllowedClasses;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.quartz.SchedulerException;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;
import org.quartz.spi.TriggerFiredResult;

/** Our store on its engine, with a participant that knows every job and the contract's classes. */
final class OurSide implements Side {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long A_LOOK_MILLIS = 250;
  private static final Set<String> CLASSES =
      Set.of(
          PlainJob.class.getName(),
          PlainJob.Alone.class.getName(),
          PlainJob.Keeping.class.getName());

  private final TestDatabase database = TestDatabase.create();
  private final CarillonJobStore store = new CarillonJobStore();
  private final StoreEngine engine;
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "contract-scheduler-loop"));

  /** These cases damage rows on purpose and look at them: nothing shall put them right. */
  private static final Pace NEVER =
      new Pace(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

  final RememberingParticipant participant = new RememberingParticipant();
  final CountingMetrics metrics = new CountingMetrics();

  /** What the next completion leads to. */
  volatile NextStep next = new NextStep.Finish(ExecutionState.SUCCEEDED, null);

  OurSide() {
    this(null);
  }

  /**
   * @param other joins the transactions in place of {@link #participant}, if given
   */
  OurSide(@Nullable StoreParticipant other) {
    engine =
        new StoreEngine(
            new StoreDatabase(
                database.dataSource(),
                this::checkIn,
                "QRTZ_",
                "ours",
                true,
                true,
                StoreDatabase.Succession.NONE),
            new NodeSettings("node", Duration.ofSeconds(4), 100, NEVER, null, "test", CLASSES),
            other == null ? participant : other,
            metrics,
            new Making(
                (job, acceptedAt, nextFire, now) -> {
                  throw new IllegalArgumentException("jobs here have no definitions");
                },
                Successors.NONE),
            InstantSource.system());
    AllowedClasses classes = new AllowedClasses();
    classes.initialize();
    try {
      store.setDataSource("unused");
      store.setInstanceId("node");
      store.setIsClustered(true);
      store.setUseProperties("true");
      store.bind(engine, PlainJob.class, (id, instruction) -> completed(id));
      store.initialize(classes, new SilentSignaler());
      engine.join();
      store.schedulerStarted();
    } catch (SchedulerException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection checkIn() throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.url(), database.user(), database.password());
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  private void completed(String fireInstanceId) {
    Firing firing = engine.firing(fireInstanceId).orElseThrow();
    Instant now = Instant.now();
    engine.complete(
        new Completion(firing, new Outcome.Succeeded(200, null), next, firing.firedAt(), now));
  }

  StoreEngine engine() {
    return engine;
  }

  @Override
  public JobStoreSupport store() {
    return store;
  }

  @Override
  public TestDatabase database() {
    return database;
  }

  @Override
  public String scheduler() {
    return "ours";
  }

  /** Our store never answers empty while it runs. */
  @Override
  public List<OperableTrigger> acquire(int most) {
    return look(most, PATIENCE.toMillis());
  }

  @Override
  public boolean findsNothingDue() {
    return look(10, A_LOOK_MILLIS).isEmpty();
  }

  private List<OperableTrigger> look(int most, long millis) {
    Future<List<OperableTrigger>> acquired =
        loop.submit(() -> store.acquireNextTriggers(System.currentTimeMillis(), most, 0));
    try {
      try {
        return acquired.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        store.schedulerPaused();
        List<OperableTrigger> late = acquired.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        store.schedulerResumed();
        return late;
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException("the store did not answer", e);
    }
  }

  @Override
  public List<TriggerFiredBundle> fire(List<OperableTrigger> acquired) {
    List<TriggerFiredBundle> fired = new ArrayList<>();
    for (TriggerFiredResult result : store.triggersFired(acquired)) {
      if (result.getTriggerFiredBundle() != null) {
        fired.add(result.getTriggerFiredBundle());
      }
    }
    return fired;
  }

  @Override
  public void complete(TriggerFiredBundle fired, CompletedExecutionInstruction instruction) {
    String id = fired.getTrigger().getFireInstanceId();
    store.triggeredJobComplete(
        (OperableTrigger) fired.getTrigger(), fired.getJobDetail(), instruction);
    Awaitility.await().atMost(PATIENCE).until(() -> engine.firing(id).isEmpty());
  }

  /** The rows of what runs become another node's, of which there is no sign of life. */
  @Override
  public void dieAndRecover() {
    ContractRows.update(
        this, "UPDATE QRTZ_FIRED_TRIGGERS SET INSTANCE_NAME = 'dead.1' WHERE SCHED_NAME = 'ours'");
    Awaitility.await()
        .atMost(PATIENCE.multipliedBy(2))
        .until(() -> ContractRows.firedRows(this) == 0);
  }

  @Override
  public void clear() {
    ContractRows.clear(this);
    participant.forget();
    metrics.forget();
    next = new NextStep.Finish(ExecutionState.SUCCEEDED, null);
  }

  @Override
  public void close() {
    try {
      engine.hold();
      engine.leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownNow();
    database.close();
  }

  @Override
  public String toString() {
    return "ours";
  }
}
