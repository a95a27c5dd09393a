package io.carillon.quartz.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * Quartz's own code, one row at a time, on a connection of ours whose transaction holds the lock
 * row. Whatever is wrong with a row comes as a {@link JobPersistenceException}, a failure of the
 * database as the cause of one.
 */
interface QuartzSteps {
  /** Reads a trigger in full. */
  OperableTrigger read(Connection connection, TriggerName name) throws JobPersistenceException;

  /** Whether a job must not run beside itself. */
  boolean runsAlone(Connection connection, OperableTrigger trigger) throws JobPersistenceException;

  /** Whether a job that must not run beside itself has a FIRED row. */
  boolean isRunning(Connection connection, OperableTrigger trigger) throws JobPersistenceException;

  /** Lets a waiting trigger wait for the end of a run. */
  void block(Connection connection, OperableTrigger trigger) throws JobPersistenceException;

  /** Fires a waiting trigger: moves it on, and blocks its siblings if its job runs alone. */
  TriggerFiredBundle fire(Connection connection, OperableTrigger trigger)
      throws JobPersistenceException;

  /** Leaves a trigger that was fired nothing to fire. */
  void finish(Connection connection, OperableTrigger trigger, JobDetail job)
      throws JobPersistenceException;

  /** Does to trigger, job and data what the end of a run asks for. */
  void end(Connection connection, Ending ending) throws JobPersistenceException;

  /** Whether a trigger that is to be deleted has not been given a new plan meanwhile. */
  boolean mayDelete(Connection connection, OperableTrigger trigger) throws JobPersistenceException;

  /** Lets a failure of the database through as what it is, so that the transaction ends. */
  static void rethrowUnlessAboutTheRow(JobPersistenceException e) throws SQLException {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && !Failures.isAboutTheRows(sql)) {
        throw sql;
      }
    }
  }
}
