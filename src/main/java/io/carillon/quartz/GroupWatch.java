package io.carillon.quartz;

import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.quartz.store.StoreEngine;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/**
 * Finds groups that are done though no completion has seen it: their last job was cancelled, has
 * expired, or was ended by a repair. A look goes through all open jobs of groups, so it spends a
 * twentieth of its time at most. For one thread.
 */
final class GroupWatch {
  private static final long REST = 19;

  private final StoreEngine store;
  private final FollowingJobs following;
  private final InstantSource clock;
  // Of the thread that looks only.
  private long lookAgainNanos = System.nanoTime();

  GroupWatch(StoreEngine store, FollowingJobs following, InstantSource clock) {
    this.store = store;
    this.following = following;
    this.clock = clock;
  }

  /**
   * @throws StoreUnavailable if the database is away
   */
  void runOnce() {
    long begun = System.nanoTime();
    if (begun - lookAgainNanos < 0) {
      return;
    }
    try {
      if (!store.read((ours, c) -> following.isAnyGroupOver(c))) {
        return;
      }
      // All open jobs of groups are looked through here, not under the lock row.
      Set<JobId> over = store.read((ours, c) -> following.overInGroups(c));
      Instant now = Instant.ofEpochMilli(clock.millis());
      if (store.inTransaction(session -> following.followGroups(session, over, now)) > 0) {
        store.wake();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("groups cannot be looked after now", e);
    } finally {
      long now = System.nanoTime();
      lookAgainNanos = now + REST * (now - begun);
    }
  }
}
