package io.carillon.quartz.store;

import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.TriggerStatus;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.OperableTrigger;

/**
 * What Quartz's Scheduler interface offers beside firing: Quartz's own code, with our job rows
 * changed in the same transaction wherever it changes what becomes of a job.
 */
abstract class InheritedStore extends TransactedStore {
  @Override
  protected boolean removeJob(Connection connection, JobKey key) throws JobPersistenceException {
    boolean removed = super.removeJob(connection, key);
    if (removed) {
      removed(connection, Set.of(key));
    }
    return removed;
  }

  /** The last trigger takes its job with it, unless that is durable. */
  @Override
  protected boolean removeTrigger(Connection connection, TriggerKey key)
      throws JobPersistenceException {
    TriggerStatus before = status(connection, key);
    boolean removed = super.removeTrigger(connection, key);
    if (before != null && !checkExists(connection, before.getJobKey())) {
      removed(connection, Set.of(before.getJobKey()));
    }
    return removed;
  }

  @Override
  protected void clearAllSchedulingData(Connection connection) throws JobPersistenceException {
    Set<JobKey> all = getJobNames(connection, GroupMatcher.anyJobGroup());
    super.clearAllSchedulingData(connection);
    removed(connection, all);
  }

  private void removed(Connection connection, Set<JobKey> jobs) throws JobPersistenceException {
    sql(
        () -> {
          engine().inherited().jobs().removed(connection, jobs);
          return null;
        });
  }

  /**
   * A paused job's triggers wait, whenever they are stored. What replaces a trigger takes the place
   * of the whole of it: Quartz's update leaves one whose kind has changed without its sub-row.
   */
  @Override
  protected void storeTrigger(
      Connection connection,
      OperableTrigger trigger,
      @Nullable JobDetail job,
      boolean replace,
      String state,
      boolean forceState,
      boolean recovering)
      throws JobPersistenceException {
    boolean planned = !forceState && state.equals(STATE_WAITING);
    if (planned && replace) {
      sql(() -> getDelegate().deleteTrigger(connection, trigger.getKey()));
    }
    boolean held =
        planned && sql(() -> engine().inherited().jobs().isPaused(connection, trigger.getJobKey()));
    super.storeTrigger(
        connection, trigger, job, replace, held ? STATE_PAUSED : state, forceState, recovering);
  }

  /**
   * A trigger keeps its plan: Quartz's handling of misfires, which rewrites instants, is never
   * switched on here. A trigger whose job is paused stays paused.
   */
  @Override
  public void resumeTrigger(Connection connection, TriggerKey key) throws JobPersistenceException {
    TriggerStatus status = status(connection, key);
    if (status != null
        && !sql(() -> engine().inherited().jobs().isPaused(connection, status.getJobKey()))) {
      super.resumeTrigger(connection, key);
    }
  }

  @Override
  public void pauseJob(JobKey key) throws JobPersistenceException {
    changing(connection -> pause(connection, key));
  }

  @Override
  public void resumeJob(JobKey key) throws JobPersistenceException {
    changing(connection -> resume(connection, key));
  }

  @Override
  public Set<String> pauseJobs(GroupMatcher<JobKey> matcher) throws JobPersistenceException {
    return changing(
        connection -> {
          Set<String> groups = new HashSet<>();
          for (JobKey key : getJobNames(connection, matcher)) {
            pause(connection, key);
            groups.add(key.getGroup());
          }
          return groups;
        });
  }

  @Override
  public Set<String> resumeJobs(GroupMatcher<JobKey> matcher) throws JobPersistenceException {
    return changing(
        connection -> {
          Set<String> groups = new HashSet<>();
          for (JobKey key : getJobNames(connection, matcher)) {
            resume(connection, key);
            groups.add(key.getGroup());
          }
          return groups;
        });
  }

  private @Nullable Void pause(Connection connection, JobKey key) throws JobPersistenceException {
    for (TriggerKey trigger : sql(() -> getDelegate().selectTriggerKeysForJob(connection, key))) {
      pauseTrigger(connection, trigger);
    }
    sql(
        () -> {
          engine().inherited().jobs().paused(connection, key);
          return null;
        });
    return null;
  }

  private @Nullable Void resume(Connection connection, JobKey key) throws JobPersistenceException {
    sql(
        () -> {
          engine().inherited().jobs().resumed(connection, key);
          return null;
        });
    for (TriggerKey trigger : sql(() -> getDelegate().selectTriggerKeysForJob(connection, key))) {
      resumeTrigger(connection, trigger);
    }
    return null;
  }

  private <T> T changing(TransactionCallback<T> work) throws JobPersistenceException {
    return executeInNonManagedTXLock(LOCK_TRIGGER_ACCESS, work, null);
  }
}
