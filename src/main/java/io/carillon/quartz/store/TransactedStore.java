package io.carillon.quartz.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.DriverDelegate;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.NoSuchDelegateException;
import org.quartz.impl.jdbcjobstore.TriggerStatus;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * Quartz's own code on our transactions: one pool, one lock row, whole-transaction retries. {@link
 * SlowPath} takes single steps of it.
 */
abstract class TransactedStore extends JobStoreTX {
  private @Nullable StoreEngine engine;
  private @Nullable DriverDelegate delegate;

  /** The engine whose transactions and rows Quartz's code is to work on. */
  final void attach(StoreEngine storeEngine) {
    engine = storeEngine;
    storeEngine.inherited().use(new Steps());
  }

  final StoreEngine engine() {
    StoreEngine bound = engine;
    if (bound == null) {
      throw new IllegalStateException("the store was not bound to its engine");
    }
    return bound;
  }

  @Override
  protected synchronized DriverDelegate getDelegate() throws NoSuchDelegateException {
    DriverDelegate made = delegate;
    if (made == null) {
      Tables tables = engine().inherited().tables();
      made = new RowDelegate();
      made.initialize(
          getLog(),
          tables.prefix(),
          tables.scheduler(),
          getInstanceId(),
          getClassLoadHelper(),
          canUseProperties(),
          "");
      delegate = made;
    }
    return made;
  }

  /** Everything inherited runs here: one pool, one lock row, whole-transaction retries. */
  @Override
  protected <T> T executeInNonManagedTXLock(
      @Nullable String lockName,
      TransactionCallback<T> txCallback,
      @Nullable TransactionValidator<T> txValidator)
      throws JobPersistenceException {
    try {
      T result = engine().transaction(lockName != null, connection -> run(txCallback, connection));
      if (lockName != null) {
        engine().wake();
      }
      return result;
    } catch (SQLException e) {
      throw new JobPersistenceException("the store's transaction failed: " + e.getMessage(), e);
    }
  }

  /** Lets a lost race come through as what it is, so that the whole transaction is run again. */
  private static <T> T run(TransactionCallback<T> work, Connection connection)
      throws SQLException, JobPersistenceException {
    try {
      return work.execute(connection);
    } catch (JobPersistenceException e) {
      if (e.getCause() instanceof SQLException cause && Transactions.isLostRace(cause)) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  protected Connection getConnection() throws JobPersistenceException {
    throw new JobPersistenceException(
        "connections are handed out by the store's transactions only");
  }

  /** Single steps of Quartz's code. */
  private final class Steps implements QuartzSteps {
    @Override
    public OperableTrigger read(Connection connection, TriggerName name)
        throws JobPersistenceException {
      OperableTrigger trigger =
          readable(() -> retrieveTrigger(connection, name.key()), "its row cannot be read");
      if (trigger == null || trigger.getNextFireTime() == null) {
        throw new JobPersistenceException("its rows are incomplete");
      }
      return trigger;
    }

    @Override
    public boolean runsAlone(Connection connection, OperableTrigger trigger)
        throws JobPersistenceException {
      JobDetail job =
          readable(() -> retrieveJob(connection, trigger.getJobKey()), "its job cannot be read");
      if (job == null) {
        throw new JobPersistenceException("its JobDetail is missing");
      }
      return job.isConcurrentExecutionDisallowed();
    }

    @Override
    public boolean isRunning(Connection connection, OperableTrigger trigger)
        throws JobPersistenceException {
      return STATE_BLOCKED.equals(
          checkBlockedState(connection, trigger.getJobKey(), STATE_WAITING));
    }

    @Override
    public void block(Connection connection, OperableTrigger trigger)
        throws JobPersistenceException {
      sql(() -> getDelegate().updateTriggerState(connection, trigger.getKey(), STATE_BLOCKED));
    }

    @Override
    public TriggerFiredBundle fire(Connection connection, OperableTrigger trigger)
        throws JobPersistenceException {
      sql(
          () ->
              getDelegate()
                  .updateTriggerStateFromOtherState(
                      connection, trigger.getKey(), STATE_ACQUIRED, STATE_WAITING));
      TriggerFiredBundle bundle =
          readable(() -> triggerFired(connection, trigger), "it cannot be fired");
      if (bundle == null) {
        throw new JobPersistenceException("its calendar is missing");
      }
      return bundle;
    }

    @Override
    public void finish(Connection connection, OperableTrigger trigger, JobDetail job)
        throws JobPersistenceException {
      trigger.setNextFireTime((Date) null);
      storeTrigger(connection, trigger, job, true, STATE_COMPLETE, true, false);
    }

    @Override
    public void end(Connection connection, Ending ending) throws JobPersistenceException {
      TransactedStore.this.triggeredJobComplete(
          connection, ending.trigger(), ending.job(), ending.instruction());
    }

    @Override
    public boolean mayDelete(Connection connection, OperableTrigger trigger)
        throws JobPersistenceException {
      if (trigger.getNextFireTime() != null) {
        return true;
      }
      TriggerStatus now = status(connection, trigger.getKey());
      return now != null && now.getNextFireTime() == null;
    }
  }

  /** What the state of a trigger is; null if there is none. */
  final @Nullable TriggerStatus status(Connection connection, TriggerKey key)
      throws JobPersistenceException {
    return sql(() -> getDelegate().selectTriggerStatus(connection, key));
  }

  static <T> T sql(Call<T> call) throws JobPersistenceException {
    try {
      return call.make();
    } catch (SQLException e) {
      throw new JobPersistenceException("a statement failed: " + e.getMessage(), e);
    }
  }

  /** Quartz meets what it did not expect in a row with exceptions of all kinds. */
  private static <T> @Nullable T readable(Call<T> call, String what)
      throws JobPersistenceException {
    try {
      return sql(call);
    } catch (RuntimeException e) {
      throw new JobPersistenceException(what + ": " + e, e);
    }
  }

  /** Statements of Quartz's or of ours. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws JobPersistenceException, SQLException;
  }
}
