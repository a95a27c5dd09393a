package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Lane;
import io.carillon.execution.Lease;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.NextFires;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's moving parts, assembled: firing, completing, checking in, recovering, and
 * transactions for whoever changes jobs. Owns the threads {@code carillon-completions}, {@code
 * carillon-check-in}, {@code carillon-recovery}, {@code carillon-reconciler} and {@code
 * carillon-break-off}. Thread-safe. Lifecycle: {@link #join}, {@link #fire}, {@link #hold}, {@link
 * #drain}, {@link #leave}, each once and in this order; {@link #leave} alone is safe after a failed
 * start.
 */
public final class StoreEngine {
  private static final Logger LOG = LoggerFactory.getLogger(StoreEngine.class);

  private final Rows rows;
  private final Transactions transactions;
  private final OrphanJobs orphans;
  private final StoreParticipant participant;
  private final NextFire nextFire = new NextFire();
  private final InFlight inFlight;
  private final CheckIn checkIn;
  private final CompletionQueue completions;
  private final Acquisition acquisition;
  private final Membership membership;
  private final EngineMetrics metrics;
  private final Inherited inherited;
  private final HeldQueues queues;

  public StoreEngine(
      StoreDatabase databases,
      NodeSettings node,
      StoreParticipant participant,
      EngineMetrics metrics,
      Making making,
      InstantSource clock) {
    Tables tables = new Tables(databases.tablePrefix(), databases.schedulerName());
    this.rows = Rows.of(tables, node.jobClasses());
    NodeRows nodes = new NodeRows(tables, participant.events());
    this.participant = participant;
    this.metrics = metrics;
    this.transactions =
        new Transactions(
            databases.pool(), tables, !databases.endsIdleTransactions(), databases.sharesLock());
    this.queues = new HeldQueues(transactions, tables, participant.queues());
    this.orphans = new OrphanJobs(rows, participant);
    this.inFlight = new InFlight(node.inFlight(), node.callsPerHost());
    this.checkIn =
        new CheckIn(
            databases.checkIn()::open,
            nodes,
            new CheckIn.Self(node.nodeId(), node.lease(), node.address(), node.version()),
            clock,
            inFlight::size);
    LocalNode here = new LocalNode(checkIn, inFlight, clock);
    this.inherited = new Inherited(tables, new JobsByQuartz(participant, clock));
    SlowEnd slowEnd = new SlowEnd(rows, inFlight, inherited::steps);
    SlowPath slowPath = new SlowPath(rows, orphans, participant, slowEnd, inherited::steps);
    Steps steps =
        new Steps(
            new Steps.Common(
                tables,
                transactions,
                rows,
                nodes,
                orphans,
                queues,
                participant,
                here,
                slowEnd,
                new Aftermath(making.successors(), this::session, this::wake),
                metrics));
    this.completions = steps.completions(clock, this::roomMade);
    this.acquisition = steps.acquisition(slowPath, nextFire);
    Reconciler reconciler = steps.reconciler(making.replanning(), nextFire, node.pace());
    this.membership =
        new Membership(
            here,
            completions,
            steps.recovery(),
            () -> databases.succession().take(node.nodeId()),
            new Membership.Reconciling(reconciler, node.pace().interval()));
  }

  /** Where this engine and Quartz's own code meet. */
  Inherited inherited() {
    return inherited;
  }

  /** Joins the cluster: node row, check-ins, recovery. Fires nothing yet. */
  public void join() throws SQLException {
    transactions.prepare();
    membership.join();
    metrics.leaseAge(() -> checkIn.age().toMillis() / 1000.0);
    metrics.inFlight(inFlight::size);
  }

  /**
   * Looks, while anything runs here, for calls that other nodes want broken off, and while anything
   * awaits its target's word, for what is late with it.
   *
   * @param breakOff breaks one off; without effect if it does not run here
   * @param sweep ends what {@link AwaitedRuns#due} tells, and is told for how long this node has
   *     seen the database without a gap
   */
  public void listen(Consumer<ExecutionId> breakOff, Consumer<Duration> sweep) {
    BreakOff duty = new BreakOff(transactions, checkIn, inFlight, participant);
    membership.listen(() -> duty.runOnce(breakOff), sweep);
  }

  /** Executions as others than their workers see them. */
  public AwaitedRuns awaited() {
    return new AwaitedRuns(transactions, rows, participant, completions);
  }

  /** Lets the scheduler thread fire. */
  public void fire() {
    acquisition.resume();
  }

  /** Nothing new is fired from now on. */
  public void hold() {
    acquisition.pause();
  }

  /** Something due at once may have been stored. */
  public void wake() {
    acquisition.wake();
  }

  private void roomMade(Set<Lane> lanes) {
    acquisition.roomMade(lanes);
  }

  /**
   * Waits for what runs, at most so long, and hands the rest to other nodes. @return how many were
   * handed over
   */
  public int drain(Duration patience) throws InterruptedException {
    return membership.drain(patience);
  }

  /** Flushes completions and leaves the cluster. Idempotent. */
  public void leave() throws InterruptedException {
    membership.leave();
  }

  /**
   * Runs work on jobs in one transaction under the lock row; it may run more than once. Refuses at
   * once while the database does not answer check-ins.
   */
  public <T> T inTransaction(Work<T> work) throws SQLException {
    if (!checkIn.isFresh()) {
      throw new SQLTransientException(
          "no check-in with the database for " + checkIn.age().toMillis() + " ms");
    }
    return transactions.lockedForClient(connection -> work.with(session(connection)));
  }

  private StoreSession session(Connection connection) {
    return new StoreSession(connection, rows, orphans, participant, nextFire, queues);
  }

  /** What comes due in paused queues. */
  public HeldQueues queues() {
    return queues;
  }

  /** What the calendars of a job exclude, as they are now. */
  public Exclusions exclusions(Job job) throws SQLException {
    return read((ours, connection) -> ours.exclusions(connection, List.of(job)))
        .getOrDefault(job.id(), Exclusions.NONE);
  }

  /** Reads in auto-commit mode, without the lock row. */
  public <T> T read(StoreSession.Ours<T> work) throws SQLException {
    return transactions.<T, SQLException>read(connection -> work.with(participant, connection));
  }

  /** The text of a definition as a transaction will store it. */
  public String definition(Job job) {
    return participant.definition(job);
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T with(StoreSession session) throws SQLException;
  }

  public Lease lease() {
    return checkIn;
  }

  /** Node clock minus database clock. */
  public Duration clockOffset() {
    return checkIn.clockOffset();
  }

  /** Age of the last sign of life of the loop that fires. */
  public Duration loopAge() {
    return acquisition.beatAge();
  }

  public int inFlight() {
    return inFlight.size();
  }

  /** Next planned instants, from the triggers. */
  public NextFires nextFires() {
    return new TriggerTimes(transactions, rows.triggers());
  }

  List<Shot> next(int most) {
    return acquisition.next(most);
  }

  /** The same for the worker that begins it: from now on its call may have been sent. */
  public Optional<Firing> begin(String fireInstanceId) {
    return inFlight.begin(fireInstanceId);
  }

  /** An attempt that this node has fired and not yet completed. */
  public Optional<Firing> firing(String fireInstanceId) {
    return inFlight.find(fireInstanceId);
  }

  /** Whether this node has fired an attempt of this execution and not yet completed it. */
  public boolean holds(ExecutionId id) {
    return inFlight.holds(id);
  }

  /** What Quartz wants done when this attempt is completed. */
  void note(String fireInstanceId, Ending ending) {
    inFlight.note(fireInstanceId, ending);
  }

  /** Takes over an ended attempt; returns at once. */
  public void complete(Completion completion) {
    completions.add(completion);
  }

  /**
   * Gives up a firing that may not be sent any more; recovery, ours or another node's, attempts it
   * again.
   */
  public void abandon(Firing firing) {
    inFlight.remove(firing);
    LOG.warn("execution {} was not sent: this node's lease has ended", firing.id());
  }

  /** What Quartz's own code does in a transaction. */
  <T, E extends Exception> T transaction(boolean locked, Transactions.Work<T, E> work)
      throws SQLException, E {
    if (locked) {
      metrics.slowPath(1);
    }
    return transactions.run(locked ? Transactions.Lock.ROW : Transactions.Lock.NONE, work);
  }
}
