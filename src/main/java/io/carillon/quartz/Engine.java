package io.carillon.quartz;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.Following;
import io.carillon.execution.JobKeys;
import io.carillon.execution.Lease;
import io.carillon.execution.LetterRows;
import io.carillon.execution.Redrives;
import io.carillon.execution.Runner;
import io.carillon.execution.Runs;
import io.carillon.execution.StoreParticipant;
import io.carillon.execution.TargetCaller;
import io.carillon.job.JobScheduler;
import io.carillon.job.NextFires;
import io.carillon.job.Queues;
import io.carillon.job.Replanner;
import io.carillon.job.Resealing;
import io.carillon.quartz.store.Making;
import io.carillon.quartz.store.NodeSettings;
import io.carillon.quartz.store.Pace;
import io.carillon.quartz.store.StoreDatabase;
import io.carillon.quartz.store.StoreEngine;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/**
 * The scheduling engine of one node: Quartz with our store under it. Thread-safe; {@link #start}
 * once, {@link #close} any time.
 */
public final class Engine implements AutoCloseable {
  /** More than the waits of one turn of the loop while the database does not answer. */
  private static final Duration LOOP_IS_STUCK = Duration.ofSeconds(60);

  private final StoreEngine store;
  private final Attempts attempts;
  private final TargetCaller caller;
  private final JobScheduler jobs;
  private final QuartzRuns runs;
  private final QuartzQueues queues;
  private final GroupWatch groups;
  private final Redrives redrives;
  private final CalendarReplanner replanner;
  private final Properties properties;
  private @Nullable Scheduler scheduler;
  private volatile boolean started;
  private volatile boolean holding;

  /**
   * What the engine calls and tells.
   *
   * @param participant joins the store's transactions
   * @param following what starts when executions end
   * @param intake rows of keys and dead letters, in the same transactions
   */
  public record Ports(
      StoreParticipant participant,
      Intake intake,
      TargetCaller caller,
      EngineMetrics metrics,
      InstantSource clock,
      Following following) {
    /** Where nothing follows anything. */
    public Ports(
        StoreParticipant participant,
        TargetCaller caller,
        EngineMetrics metrics,
        InstantSource clock) {
      this(participant, Intake.NONE, caller, metrics, clock, Following.NONE);
    }
  }

  /**
   * Rows that the making of executions reads and writes beside history.
   *
   * @param resealing for definitions that come under the id of another job
   */
  public record Intake(JobKeys keys, LetterRows letters, Resealing resealing) {
    /** Without keys and dead letters. */
    public static final Intake NONE = new Intake(JobKeys.NONE, LetterRows.NONE, Resealing.NONE);
  }

  /**
   * How this node takes part.
   *
   * @param name beginning of its instance names; null for the host's name
   * @param lease how long a check-in is good for
   * @param inFlight most executions fired and not completed
   * @param perHost most calls towards one host; 0 for half of that
   * @param pace how soon what has no owner is put right
   */
  public record Node(
      @Nullable String name,
      Duration lease,
      int inFlight,
      int perHost,
      Pace pace,
      @Nullable String address,
      String version) {

    /** With half of what may be in flight for one host. */
    public Node(
        @Nullable String name,
        Duration lease,
        int inFlight,
        Pace pace,
        @Nullable String address,
        String version) {
      this(name, lease, inFlight, 0, pace, address, version);
    }
  }

  /**
   * @param properties the {@code org.quartz.*} keys
   */
  public Engine(Properties properties, StoreDatabase databases, Node node, Ports ports) {
    this.properties = properties;
    this.caller = ports.caller();
    String nodeId = NodeIds.create(node.name() == null ? NodeIds.host() : node.name());
    FollowingJobs following = new FollowingJobs(ports.following());
    this.store =
        new StoreEngine(
            databases,
            NodeSettings.ofServer(
                nodeId,
                node.lease(),
                node.inFlight(),
                node.perHost(),
                node.pace(),
                node.address(),
                node.version()),
            ports.participant(),
            ports.metrics(),
            new Making(PlannedJobs::again, following),
            ports.clock());
    Runner runner =
        new Runner(
            ports.caller(),
            store.lease(),
            ports.clock(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.attempts = new Attempts(store, runner, ports.clock());
    this.jobs =
        new QuartzJobScheduler(
            store,
            attempts::breakOff,
            following,
            new KeyedCreation(ports.intake().keys(), ports.intake().resealing(), ports.clock()),
            ports.clock());
    this.runs = new QuartzRuns(store, attempts, runner, following, ports.clock());
    this.groups = new GroupWatch(store, following, ports.clock());
    this.redrives = new QuartzRedrives(store, ports.intake().letters(), ports.clock());
    this.queues = new QuartzQueues(store, ports.clock());
    this.replanner = new CalendarReplanner(store, ports.clock());
    this.properties.setProperty("org.quartz.scheduler.instanceId", nodeId);
  }

  /** Plans jobs anew whose calendars have changed. */
  public Replanner replanner() {
    return replanner;
  }

  /** Joins the cluster and begins to fire. */
  public void start() throws SQLException {
    store.join();
    store.listen(attempts::breakOff, runs::sweep);
    try {
      startQuartz();
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz would not start: " + e.getMessage(), e);
    }
  }

  private void startQuartz() throws SchedulerException {
    EngineFactory factory =
        new EngineFactory(
            properties,
            jobStore ->
                jobStore.bind(store, FiringJob.class, (id, instruction) -> attempts.completed(id)));
    Scheduler quartz = factory.getScheduler();
    quartz.setJobFactory(new FiringJobFactory(attempts));
    scheduler = quartz;
    quartz.start();
    started = true;
  }

  public JobScheduler jobs() {
    return jobs;
  }

  /** Acts on single executions. */
  public Runs runs() {
    return runs;
  }

  public Queues queues() {
    return queues;
  }

  public Redrives redrives() {
    return redrives;
  }

  /**
   * Ends the pauses of queues whose time has come, and lets go what is left of earlier ones. To be
   * called every second or so.
   */
  public void tendQueues() {
    queues.runOnce();
  }

  /** Starts what follows groups that have ended unseen. To be called every few seconds. */
  public void tendGroups() {
    groups.runOnce();
  }

  /**
   * Returns when all transactions of the store that are open now, on any node, are over. What they
   * have read of memory before does not count any more.
   *
   * @throws SQLException also if there are too many to get a turn within two seconds
   */
  public void awaitOpenTransactions() throws SQLException {
    store.inTransaction(session -> true);
  }

  public NextFires nextFires() {
    return store.nextFires();
  }

  public Lease lease() {
    return store.lease();
  }

  public Duration clockOffset() {
    return store.clockOffset();
  }

  public int inFlight() {
    return store.inFlight();
  }

  /** Whether the loop that fires is alive; an {@code Error} ends it and nothing else. */
  public boolean isFiring() {
    return started && !holding && store.loopAge().compareTo(LOOP_IS_STUCK) < 0;
  }

  /** Nothing new is fired from now on. */
  public void hold() {
    holding = true;
    store.hold();
  }

  /**
   * Waits for running calls, at most so long, and hands the rest over at once.
   *
   * @return how many were handed over
   */
  public int drain(Duration patience) throws InterruptedException {
    int handedOver = store.drain(patience);
    if (handedOver > 0) {
      caller.cancelAll();
    }
    return handedOver;
  }

  /** Writes what has ended, leaves the cluster and ends Quartz. Idempotent. */
  @Override
  public void close() {
    hold();
    try {
      store.leave();
      if (scheduler != null) {
        scheduler.shutdown(false);
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz would not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
