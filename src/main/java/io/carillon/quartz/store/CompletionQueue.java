package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.execution.Completion;
import io.carillon.execution.Completion.Via;
import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Lane;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.job.Origin;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries ended attempts into the database, in groups, on one thread of its own ({@code
 * carillon-completions}); a worker hands over and goes. Bounded by what is in flight: nothing new
 * is fired while completions wait. While the database is away a group is tried again until it is
 * written or the server stops; then its FIRED rows tell the next node.
 */
final class CompletionQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompletionQueue.class);
  private static final int LARGEST_GROUP = 500;
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(200);

  private final CertainTransactions transactions;
  private final Endings endings;
  private final Aftermath aftermath;
  private final InFlight inFlight;
  private final EngineMetrics metrics;
  private final InstantSource clock;
  private final Consumer<Set<Lane>> whenRoomIsMade;

  private final BlockingQueue<Completion> queue = new LinkedBlockingQueue<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Words words = new Words();
  private final Thread thread = new Thread(this::run, "carillon-completions");
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch giveUp = new CountDownLatch(1);
  private final Gathering gathering; // of the thread

  CompletionQueue(
      CertainTransactions transactions,
      Endings endings,
      Aftermath aftermath,
      InFlight inFlight,
      EngineMetrics metrics,
      InstantSource clock,
      Consumer<Set<Lane>> whenRoomIsMade) {
    this.whenRoomIsMade = whenRoomIsMade;
    this.transactions = transactions;
    this.endings = endings;
    this.aftermath = aftermath;
    this.inFlight = inFlight;
    this.metrics = metrics;
    this.clock = clock;
    this.gathering = new Gathering(inFlight);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes over an ended attempt; returns at once. */
  void add(Completion completion) {
    ended.add(completion.firing().id().value());
    inFlight.hosts().ended(completion.firing());
    queue.add(completion);
  }

  /**
   * Takes over how an attempt ended by the word of another than its worker.
   *
   * @return as recorded, once it is; empty if it did not count, or if another of its kind is under
   *     way
   */
  CompletableFuture<Optional<Completion>> addWord(Completion completion) {
    return words
        .expect(completion)
        .map(
            told -> {
              queue.add(completion);
              return told;
            })
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  /** Whether an attempt of this execution has ended and waits to be written. */
  boolean isWaiting(String executionId) {
    return ended.contains(executionId);
  }

  /** Writes what is waiting, within the given time, and stops. Idempotent. */
  void close(Duration patience) throws InterruptedException {
    stopping.countDown();
    if (thread.isAlive()) {
      thread.join(Math.max(1, patience.toMillis()));
    }
    close();
  }

  @Override
  public void close() {
    stopping.countDown();
    giveUp.countDown();
    thread.interrupt();
  }

  private void run() {
    List<Completion> group = new ArrayList<>();
    try {
      while (true) {
        group.clear();
        Completion first = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          if (stopping.getCount() == 0) {
            return;
          }
          continue;
        }
        group.add(first);
        gathering.await(queue::size, stopping);
        // What is left comes at once with the next group.
        queue.drainTo(group, Sql.evenly(Math.min(LARGEST_GROUP, 1 + queue.size())) - 1);
        gathering.took(group.size());
        for (List<Completion> portion : aftermath.portions(group)) {
          write(portion);
        }
        group.stream()
            .filter(completion -> completion.via() == Via.WORKER)
            .forEach(completion -> ended.remove(completion.firing().id().value()));
      }
    } catch (InterruptedException e) {
      LOG.debug("completions end with {} not written", queue.size() + group.size());
    }
  }

  private void write(List<Completion> group) throws InterruptedException {
    while (true) {
      try {
        Complete.Result result = complete(group);
        written(result);
        words.tell(group, result);
        group.stream().filter(Unbegun::is).forEach(this::givenBack);
        return;
      } catch (SQLException e) {
        if (Failures.isAboutTheRows(e)) {
          writeSingly(group, e);
          return;
        }
        LOG.warn("{} completions wait for the database: {}", group.size(), e.getMessage());
        if (giveUp.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new InterruptedException();
        }
      } catch (RuntimeException | Error e) {
        // Whatever it is, this thread is all that completes here.
        writeSingly(group, e);
        return;
      }
    }
  }

  private Complete.Result complete(List<Completion> group) throws SQLException {
    Transactions.Work<Complete.Result, SQLException> work =
        connection -> endings.write(connection, group, clock.instant());
    if (!aftermath.creates(group)) {
      return transactions.hot(work, endings::isLeft);
    }
    Complete.Result result = transactions.locked(work, endings::isLeft);
    aftermath.committed();
    return result;
  }

  private void givenBack(Completion completion) {
    inFlight.remove(completion.firing());
    ExecutionLog.givenBack(completion);
  }

  /** One of a group cannot be written: the others must not suffer. */
  private void writeSingly(List<Completion> group, Throwable cause) throws InterruptedException {
    if (group.size() > 1) {
      LOG.warn(
          "a group of {} completions is written one by one: {}", group.size(), cause.toString());
      for (Completion completion : group) {
        write(List.of(completion));
      }
      return;
    }
    Completion broken = group.get(0);
    if (broken.via() != Via.WORKER) {
      LOG.error("what is told of execution {} cannot be recorded", broken.firing().id(), cause);
      words.fail(broken, cause);
      return;
    }
    if (broken.outcome() instanceof Failed failed && failed.reason().equals(Reasons.INTERNAL)) {
      // It stays in flight: forgotten, it would be taken for lost and called again, without an end.
      LOG.error(
          "the end of execution {} cannot be recorded; it stays RUNNING until this node stops",
          broken.firing().id(),
          cause);
      return;
    }
    LOG.error(
        "the answer of execution {} cannot be recorded as it is", broken.firing().id(), cause);
    write(
        List.of(
            new Completion(
                broken.firing(),
                Failed.of(Reasons.INTERNAL, "the answer could not be recorded"),
                new Finish(ExecutionState.FAILED, Reasons.INTERNAL),
                broken.startedAt(),
                broken.finishedAt())));
  }

  private void written(Complete.Result result) {
    for (Completion completion : result.awaiting()) {
      inFlight.remove(completion.firing());
      ExecutionLog.awaiting(completion);
      late(completion);
    }
    for (Completion completion : result.own()) {
      if (completion.via() == Via.WORKER) {
        inFlight.remove(completion.firing());
        late(completion);
      }
      ExecutionLog.ended(completion);
      metrics.attempt(
          completion.outcome() instanceof Failed failed ? failed.reason() : null,
          Duration.between(completion.startedAt(), completion.finishedAt()));
      if (completion.next() instanceof Finish finish) {
        metrics.finished(finish.state());
        if (completion.firing().job().origin().call() == Origin.Call.CALLBACK) {
          metrics.callbackFinished(finish.state());
        }
      }
    }
    for (Completion completion : result.stale()) {
      if (completion.via() == Via.WORKER) {
        inFlight.remove(completion.firing());
      }
      ExecutionLog.stale(completion);
    }
    if (!result.room().isEmpty()) {
      gathering.madeRoom();
      whenRoomIsMade.accept(result.room());
    }
    if (!result.stale().isEmpty()) {
      metrics.staleCompletions(result.stale().size());
    }
  }

  private void late(Completion completion) {
    if (completion.firing().attempt() == 1) {
      Duration late = Duration.between(completion.firing().scheduledAt(), completion.startedAt());
      metrics.lateness(late.isNegative() ? Duration.ZERO : late);
    }
  }
}
