package io.carillon.quartz;

import io.carillon.execution.Event;
import io.carillon.execution.EventSink;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.NewJob;
import io.carillon.execution.Follower.NewRun;
import io.carillon.execution.Follower.Refused;
import io.carillon.execution.Following;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import io.carillon.quartz.JobCreation.Ids;
import io.carillon.quartz.store.StoreSession;
import io.carillon.quartz.store.Successors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the jobs and starts the runs that follow executions, in the transaction that ends them.
 * Thread-safe.
 */
final class FollowingJobs implements Successors {
  private static final Logger LOG = LoggerFactory.getLogger(FollowingJobs.class);

  /** What follows more executions than this is stored in further transactions. */
  static final int AT_ONCE = 500;

  /** More waiting executions than this of one job end without that anything follows. */
  private static final int MOST_CANCELLED = 10_000;

  private final Following following;

  FollowingJobs(Following following) {
    this.following = following;
  }

  @Override
  public boolean concern(Job job, ExecutionState state) {
    return following.concerns(job, state);
  }

  @Override
  public int most(Job job) {
    return following.most(job);
  }

  /**
   * What cannot be made or stored must not keep the others, or the ends of executions, from being
   * recorded: it is left out, and told.
   */
  @Override
  public void follow(
      StoreSession session, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now)
      throws SQLException {
    Optional<Exception> failure =
        PartOfTransaction.attempt(
            session,
            () ->
                startSound(
                    session,
                    session.ours((ours, c) -> following.of(c, executions, over, now)),
                    now));
    if (failure.isEmpty()) {
      return;
    }
    if (executions.size() == 1 && over.isEmpty()) {
      Map.Entry<ExecutionId, Job> only = executions.entrySet().iterator().next();
      giveUp(session, only.getKey(), only.getValue(), failure.get(), now);
    } else if (executions.isEmpty()) {
      LOG.error("the groups of {} cannot be looked after now", over, failure.get());
    } else {
      for (Map.Entry<ExecutionId, Job> one : executions.entrySet()) {
        follow(session, Map.of(one.getKey(), one.getValue()), Set.of(), now);
      }
      if (!over.isEmpty()) {
        follow(session, Map.of(), over, now);
      }
    }
  }

  private void giveUp(StoreSession session, ExecutionId id, Job job, Exception e, Instant now)
      throws SQLException {
    LOG.error("what follows execution {} cannot be made", id, e);
    refuse(session, new Cause(job.id().namespace(), id.value(), "*"), now);
  }

  private void refuse(StoreSession session, Cause cause, Instant now) throws SQLException {
    Refused refused = new Refused(cause, "internal", "the server failed to store it");
    session.ours(
        (ours, c) -> {
          following.keep(c, List.of(refused), now);
          return refused;
        });
  }

  /** All of them at once; where the database refuses one, each by itself. */
  private void startSound(StoreSession session, List<Follower> followers, Instant now)
      throws SQLException {
    if (followers.isEmpty()) {
      return;
    }
    Optional<Exception> failure =
        PartOfTransaction.attempt(session, () -> start(session, followers, now));
    if (failure.isEmpty()) {
      return;
    }
    if (followers.size() == 1) {
      Cause cause = followers.get(0).cause();
      LOG.error(
          "what follows {} by {} cannot be stored", cause.source(), cause.place(), failure.get());
      refuse(session, cause, now);
    } else {
      for (Follower follower : followers) {
        startSound(session, List.of(follower), now);
      }
    }
  }

  /** Starts what follows groups whose end nobody has seen yet. @return how much was started */
  int followGroups(StoreSession session, Set<JobId> over, Instant now) throws SQLException {
    List<Follower> followers = session.ours((ours, c) -> following.ofGroups(c, over, now));
    startSound(session, followers, now);
    return followers.size();
  }

  /** Ids of the executions of a job that a cancellation ends, where anybody wants to know. */
  List<ExecutionId> waiting(StoreSession session, Job job) throws SQLException {
    if (!following.concerns(job, ExecutionState.CANCELLED)) {
      return List.of();
    }
    List<ExecutionId> waiting =
        session.ours((ours, c) -> following.waiting(c, job.id(), MOST_CANCELLED + 1));
    if (waiting.size() <= MOST_CANCELLED) {
      return waiting;
    }
    LOG.error(
        "more than {} executions of {} wait; nothing follows the others' cancellation",
        MOST_CANCELLED,
        job.id());
    return waiting.subList(0, MOST_CANCELLED);
  }

  /**
   * Starts what follows the end of a job and of what {@link #waiting} found of it, or the first
   * {@link #AT_ONCE} of that.
   */
  void cancelled(StoreSession session, Job job, List<ExecutionId> waiting, Instant now)
      throws SQLException {
    if (following.concerns(job, ExecutionState.CANCELLED)) {
      follow(session, first(job, waiting), Set.of(job.id()), now);
    }
  }

  static Map<ExecutionId, Job> first(Job job, List<ExecutionId> ids) {
    Map<ExecutionId, Job> first = new LinkedHashMap<>();
    ids.stream().limit(AT_ONCE).forEach(id -> first.put(id, job));
    return first;
  }

  /** Starts what follows the cancellation of one execution. */
  void cancelled(StoreSession session, ExecutionId id, Job job, Instant now) throws SQLException {
    if (following.concerns(job, ExecutionState.CANCELLED)) {
      follow(session, Map.of(id, job), Set.of(), now);
    }
  }

  boolean isAnyGroupOver(Connection connection) throws SQLException {
    return following.isAnyGroupOver(connection);
  }

  Set<JobId> overInGroups(Connection connection) throws SQLException {
    return following.overInGroups(connection);
  }

  private void start(StoreSession session, List<Follower> followers, Instant now)
      throws SQLException {
    List<NewJob> jobs = new ArrayList<>();
    List<NewRun> runs = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    for (Follower follower : followers) {
      if (follower instanceof NewJob job) {
        jobs.add(job);
      } else if (follower instanceof NewRun run) {
        runs.add(run);
      } else if (follower instanceof Refused no) {
        refused.add(no);
      }
    }
    List<NewRun> ready = run(session, runs, refused, now);
    create(session, jobs, now);
    List<Follower> all = new ArrayList<>(jobs);
    all.addAll(ready);
    all.addAll(refused);
    session.ours(
        (ours, c) -> {
          following.keep(c, all, now);
          return all;
        });
    refused.forEach(FollowingJobs::tell);
  }

  private static void tell(StoreSession session, Map<ExecutionId, StoredJob> planted)
      throws SQLException {
    session.ours(
        (ours, c) -> {
          EventSink events = ours.events();
          if (events.isWanted()) {
            List<Event> waiting = new ArrayList<>();
            planted.forEach(
                (id, job) -> waiting.add(Event.waiting(job.id(), job.job().queue(), id)));
            events.raise(c, waiting);
          }
          return events;
        });
  }

  private static void tell(Refused refused) {
    LOG.warn(
        "nothing follows {} by {}: {} ({})",
        refused.cause().source(),
        refused.cause().place(),
        refused.detail(),
        refused.code());
  }

  private static void create(StoreSession session, List<NewJob> jobs, Instant now)
      throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    List<FreshJob> fresh = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      fresh.add(
          session.ours(
              (ours, c) -> FreshJob.of(job.job(), ours::definition, Exclusions.NONE, now)));
    }
    JobCreation.insertAll(session, fresh, false, Ids.LOOK);
  }

  private List<NewRun> run(
      StoreSession session, List<NewRun> runs, List<Refused> refused, Instant now)
      throws SQLException {
    if (runs.isEmpty()) {
      return List.of();
    }
    Set<JobId> ids = new LinkedHashSet<>();
    runs.forEach(run -> ids.add(run.job()));
    Map<JobId, StoredJob> jobs = session.lockJobs(ids);
    Following.Runs started = session.ours((ours, c) -> following.run(c, runs, jobs));
    refused.addAll(started.refused());
    Map<ExecutionId, StoredJob> planted = new LinkedHashMap<>();
    Map<JobId, Job> details = new LinkedHashMap<>();
    for (NewRun run : started.ready()) {
      StoredJob job = jobs.get(run.job());
      if (job != null) {
        planted.put(run.id(), job);
        details.put(run.job(), job.job());
      }
    }
    if (!planted.isEmpty()) {
      session.store(
          details.values().stream().map(job -> PlannedJobs.withPlan(job, null, false)).toList());
      session.plantFollowing(planted, now);
      tell(session, planted);
    }
    return started.ready();
  }
}
