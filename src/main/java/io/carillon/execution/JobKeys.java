package io.carillon.execution;

import io.carillon.job.Debounce;
import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which jobs are found again, read and written in the transactions that create and
 * change jobs. These hold the lock row exclusively, so what is read stays true until the commit, on
 * all nodes. Of nothing, nothing is asked of the database.
 */
public interface JobKeys {
  /** Of an engine whose jobs have none. */
  JobKeys NONE =
      new JobKeys() {
        @Override
        public Map<Key, Holder> holders(Connection connection, Collection<Key> keys) {
          return Map.of();
        }

        @Override
        public void take(Connection connection, Map<Key, Holder> taken) {}

        @Override
        public void letGo(Connection connection, Collection<JobId> jobs) {}
      };

  /** Who has the keys, up to now; keys that nobody ever had are absent. One statement per 500. */
  Map<Key, Holder> holders(Connection connection, Collection<Key> keys) throws SQLException;

  /** Gives the keys to jobs, whoever had them. One statement. */
  void take(Connection connection, Map<Key, Holder> taken) throws SQLException;

  /** Takes all keys of jobs away. One statement per 500. */
  void letGo(Connection connection, Collection<JobId> jobs) throws SQLException;

  /** What a key is good for. */
  enum Kind {
    DEDUP,
    DEBOUNCE
  }

  /** Keys are compared character by character. */
  record Key(String namespace, Kind kind, String text) {}

  /**
   * The job that took a key last.
   *
   * @param until when it has to let go, finished or not; null: when it is finished
   * @param by the id of the create by which it took it: its own, or that of one whose definition it
   *     got. Who asks under this id again, as it had no answer, has been served
   */
  record Holder(JobId job, @Nullable Instant until, JobId by) {}

  /** Whether storing a job may change another, which takes as much as a put. */
  static boolean mayChangeOthers(Job job) {
    return Debounce.of(job).isPresent()
        || Dedup.of(job).filter(dedup -> dedup.mode() == Dedup.Mode.REPLACE).isPresent();
  }

  /** Whether a job has any. */
  static boolean isKeyed(Job job) {
    return Dedup.of(job).isPresent() || Debounce.of(job).isPresent();
  }

  /** The keys that a job has, the one that counts first before the other. */
  static List<Key> of(Job job) {
    String namespace = job.id().namespace();
    List<Key> keys = new ArrayList<>(2);
    Dedup.of(job).ifPresent(dedup -> keys.add(new Key(namespace, Kind.DEDUP, dedup.key())));
    Debounce.of(job)
        .ifPresent(debounce -> keys.add(new Key(namespace, Kind.DEBOUNCE, debounce.key())));
    return keys;
  }
}
