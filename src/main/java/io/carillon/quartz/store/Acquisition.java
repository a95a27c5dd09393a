package io.carillon.quartz.store;

import io.carillon.execution.Lane;
import io.carillon.quartz.store.Census.Mixed;
import io.carillon.quartz.store.DueLook.Look;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what is due and fires it. Called by Quartz's scheduler thread only; everything else may
 * be called by any thread. Looks, without a lock, at least every 50 ms, because other nodes store
 * triggers without telling this one; is woken when this node stores something due, when room is
 * made, by pause and by stop. Never answers empty while running: Quartz's loop would then sleep up
 * to a second.
 */
final class Acquisition {
  private static final Logger LOG = LoggerFactory.getLogger(Acquisition.class);
  private static final long POLL_MILLIS = 50;
  private static final long ROOM_MILLIS = 20;

  /** After so long without a firing the looks are half as many: a fresh job of ours wakes us. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private static final long RETRY_MILLIS = 250;
  private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

  /** What there is to do behind a full batch of a backlog, without a look at it. */
  private static final Look BACKLOG = new Look(0L, null, 1, 0);

  /** What is due was left as it is: for room at a host, or because it cannot be fired. */
  private static final long LEFT_MILLIS = 20;

  /**
   * What is due is being fired by another node, whose transaction takes a few milliseconds: looks
   * that find it so again wait twice as long each.
   */
  private static final long VAIN_MILLIS = 4;

  private static final long MOST_VAIN_MILLIS = 16;

  /** What is held could not be looked at, because another node does. */
  private static final long BUSY_MILLIS = 10;

  private final Transactions transactions;
  private final Rows rows;
  private final DueFiring firing;
  private final Admitting admission;
  private final LocalNode node;

  private final Waker waker = new Waker();
  private volatile boolean running;
  private volatile long beatNanos = System.nanoTime();
  // Scheduler thread only.
  private final Census census;
  private final BatchSize sizes = new BatchSize();
  private final LookPace pace = new LookPace();
  private boolean full;
  private boolean backlog;
  private boolean lanesReady;
  private boolean heldTurn;
  private boolean leftSome;
  private boolean vain;
  private long vainMillis = VAIN_MILLIS;
  private long firedNanos = System.nanoTime();
  private long reportedNanos = System.nanoTime() - REPORT_EVERY.toNanos();

  Acquisition(
      Transactions transactions, Rows rows, DueFiring firing, Admitting admission, LocalNode node) {
    this.transactions = transactions;
    this.rows = rows;
    this.firing = firing;
    this.admission = admission;
    this.node = node;
    this.census = new Census(transactions, rows.classes());
  }

  void resume() {
    running = true;
    wake();
  }

  /** From now on nothing new is fired; a transaction under way ends first. */
  void pause() {
    running = false;
    wake();
  }

  void wake() {
    waker.wake();
  }

  /** Something may go in these lanes that was held. Of any thread. */
  void roomMade(Set<Lane> lanes) {
    admission.ring(lanes);
    wake();
  }

  /** How long ago the loop was last seen alive. While it is paused, meaningless. */
  Duration beatAge() {
    return Duration.ofNanos(System.nanoTime() - beatNanos);
  }

  /** Waits for due triggers and fires them; empty only when paused. */
  List<Shot> next(int most) {
    while (running) {
      long begunNanos = System.nanoTime();
      long begunMillis = node.clock().millis();
      beatNanos = begunNanos;
      long early = pace.early(begunNanos);
      if (early > 0 && !isMore()) {
        waker.await(early);
        continue;
      }
      long pause = poll();
      try {
        int room = room(most);
        if (room == 0 && backlog) {
          continue; // it has waited for room
        }
        if (room > 0 && node.checkIn().mayFire()) {
          Look look = backlog ? BACKLOG : look();
          boolean held = lanesReady || look.isReady() || admission.seesHeld();
          if (pace.leaves(System.nanoTime(), node.clock().millis(), look, held || isMore())) {
            continue;
          }
          List<Shot> shots = fire(look, room, held);
          if (!shots.isEmpty()) {
            firedNanos = System.nanoTime();
            if (held || lanesReady) {
              pace.hurry();
            } else {
              pace.fired(shots.size(), begunNanos, begunMillis, look);
            }
            vainMillis = VAIN_MILLIS;
            return shots;
          }
          pause = pause(look, pause);
        }
      } catch (SQLException | RuntimeException | Error e) {
        // Whatever it is, this loop is all that fires here.
        report(e);
        pause = RETRY_MILLIS;
      }
      waker.await(pause);
    }
    return List.of();
  }

  private Look look() throws SQLException {
    String name = node.checkIn().instanceName();
    long from = pace.lookFrom(node.clock().millis());
    return transactions.read(c -> rows.look().now(c, name, from));
  }

  /** More is known to wait: a look for it is not put off. */
  private boolean isMore() {
    return full || lanesReady || admission.isRung();
  }

  /**
   * Fires what is due or lets go what is held; while there is both, in turns, and a turn takes half
   * of the room. One transaction has fired all that is answered: none of it waits for another.
   */
  private List<Shot> fire(Look look, int room, boolean held) throws SQLException {
    int share = held ? (room + 1) / 2 : room;
    heldTurn = held && !heldTurn;
    List<Shot> shots = heldTurn ? admit(share) : List.of();
    if (shots.isEmpty()) {
      shots = fireDue(look.due(), heldTurn ? room : share);
    }
    if (shots.isEmpty() && !heldTurn && (held || lanesReady)) {
      shots = admit(room);
    }
    return shots;
  }

  /** Without room it is looked at in the next turn. */
  private List<Shot> admit(int room) {
    if (room == 0) {
      return List.of();
    }
    List<Shot> shots = admission.run(room);
    lanesReady = admission.isMore();
    return shots;
  }

  private List<Shot> fireDue(@Nullable Long first, int room) throws SQLException {
    vain = false;
    full = false;
    long now = node.clock().millis();
    if (first == null || first > now || room == 0) {
      return List.of();
    }
    boolean late = now - first > TriggerRows.BACKLOG_MILLIS;
    int batch = sizes.next(room, late);
    Mixed mixed = late ? census.mixed(now, batch) : Mixed.NOT;
    FireDue.Result result =
        firing.run(new DueFiring.Wanted(batch, first, pace.ripeMillis(), mixed), () -> running);
    full = result.shots().size() >= batch - TriggerRows.shareOfYoungest(batch);
    admission.ring(result.lanes());
    lanesReady |= firing.seesLanesReady() || !result.held().isEmpty();
    leftSome = result.left() > 0;
    vain = result.vain();
    backlog = late && result.shots().size() == batch;
    return result.shots();
  }

  /** Nothing was fired: how long to wait until the next look. */
  private long pause(Look look, long poll) {
    long pause = poll;
    long now = node.clock().millis();
    if (look.due() != null && look.due() <= now) {
      pause = pauseBeforeDue();
    } else if (look.due() != null) {
      pause = Math.min(pause, look.due() - now);
    }
    if (lanesReady || look.isReady() || admission.isRung()) {
      pause = Math.min(pause, BUSY_MILLIS);
    } else if (look.readyIn() != null) {
      pause = Math.min(pause, look.readyIn());
    }
    return Math.max(1, pause);
  }

  private long pauseBeforeDue() {
    if (firing.leavesOut() || leftSome) {
      return LEFT_MILLIS;
    }
    if (!vain) {
      return 1;
    }
    long pause = vainMillis;
    vainMillis = Math.min(2 * pause, MOST_VAIN_MILLIS);
    return pause;
  }

  /**
   * How many may be fired now. A backlog is taken in few large batches: while there is room for a
   * small one only, more is waited for, but not long.
   */
  private int room(int most) {
    int room = Math.min(most, node.inFlight().room());
    int worthwhile = Math.max(1, Math.min(most, node.inFlight().capacity() / 2));
    if (!backlog || room >= worthwhile) {
      return room;
    }
    try {
      node.inFlight().awaitRoom(worthwhile, TimeUnit.MILLISECONDS.toNanos(ROOM_MILLIS));
    } catch (InterruptedException e) {
      LOG.debug("the wait for room was interrupted");
    }
    return Math.min(most, node.inFlight().room());
  }

  private long poll() {
    boolean quiet = System.nanoTime() - firedNanos > QUIET.toNanos();
    return quiet ? 2 * POLL_MILLIS : POLL_MILLIS;
  }

  private void report(Throwable e) {
    long now = System.nanoTime();
    if (now - reportedNanos >= REPORT_EVERY.toNanos()) {
      reportedNanos = now;
      LOG.warn(
          "cannot look for due jobs, trying again: {}",
          e instanceof SQLException ? e.getMessage() : e.toString());
    }
  }
}
