package io.carillon.quartz.store;

import io.carillon.db.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.quartz.JobPersistenceException;
import org.quartz.SchedulerException;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.SchedulerStateRecord;
import org.quartz.simpl.CascadingClassLoadHelper;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;
import org.quartz.spi.TriggerFiredResult;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Stock Quartz: {@code JobStoreTX}, clustered, under READ COMMITTED, without its threads. */
final class StockSide implements Side {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String NODE = "stock-1";

  private final TestDatabase database = TestDatabase.create();
  private final Store store = new Store();

  StockSide() {
    String source = "stock-" + UUID.randomUUID();
    DBConnectionManager.getInstance().addConnectionProvider(source, new Pool());
    store.setDataSource(source);
    store.setInstanceName("stock");
    store.setInstanceId(NODE);
    store.setIsClustered(true);
    store.setAcquireTriggersWithinLock(true);
    store.setMisfireThreshold(Duration.ofHours(1).toMillis());
    CascadingClassLoadHelper classes = new CascadingClassLoadHelper();
    classes.initialize();
    try {
      store.setUseProperties("true");
      store.initialize(classes, new SilentSignaler());
      // What schedulerStarted would do, but for its threads.
      store.schedulerResumed();
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens what only Quartz's threads call. */
  static final class Store extends JobStoreTX {
    void recover(String node) throws JobPersistenceException {
      SchedulerStateRecord dead = new SchedulerStateRecord();
      dead.setSchedulerInstanceId(node);
      executeInNonManagedTXLock(
          LOCK_TRIGGER_ACCESS,
          connection -> {
            clusterRecover(connection, List.of(dead));
            return null;
          },
          null);
    }

    void handleMisfires() throws JobPersistenceException {
      doRecoverMisfires();
    }
  }

  private final class Pool implements ConnectionProvider {
    @Override
    public Connection getConnection() throws java.sql.SQLException {
      return database.dataSource().getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }

  Store stock() {
    return store;
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
    return "stock";
  }

  @Override
  public List<OperableTrigger> acquire(int most) {
    List<OperableTrigger> acquired = new ArrayList<>();
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> acquired.addAll(look(most)));
    return acquired;
  }

  private List<OperableTrigger> look(int most) throws JobPersistenceException {
    return store.acquireNextTriggers(System.currentTimeMillis(), most, 0);
  }

  @Override
  public boolean findsNothingDue() {
    try {
      return look(10).isEmpty();
    } catch (JobPersistenceException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<TriggerFiredBundle> fire(List<OperableTrigger> acquired) {
    try {
      List<TriggerFiredBundle> fired = new ArrayList<>();
      for (TriggerFiredResult result : store.triggersFired(acquired)) {
        if (result.getTriggerFiredBundle() != null) {
          fired.add(result.getTriggerFiredBundle());
        }
      }
      return fired;
    } catch (JobPersistenceException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void complete(TriggerFiredBundle fired, CompletedExecutionInstruction instruction) {
    store.triggeredJobComplete(fired.getTrigger(), fired.getJobDetail(), instruction);
  }

  @Override
  public void dieAndRecover() {
    try {
      store.recover(NODE);
    } catch (JobPersistenceException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void clear() {
    ContractRows.clear(this);
  }

  @Override
  public void close() {
    database.close();
  }

  @Override
  public String toString() {
    return "stock";
  }
}
