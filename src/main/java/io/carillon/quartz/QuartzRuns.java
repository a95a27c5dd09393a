package io.carillon.quartz;

import io.carillon.execution.Completion;
import io.carillon.execution.Completion.Via;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.NextStep;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.RunExceptions.NotRunning;
import io.carillon.execution.RunExceptions.UnknownRun;
import io.carillon.execution.RunRows.Run;
import io.carillon.execution.Runner;
import io.carillon.execution.Runs;
import io.carillon.job.Async;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobExceptions.WrongState;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.AwaitedRuns;
import io.carillon.quartz.store.AwaitedRuns.Known;
import io.carillon.quartz.store.OneRun;
import io.carillon.quartz.store.StoreEngine;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on single executions. A word from elsewhere becomes a completion like any other; what a
 * person does is a transaction of its own. Thread-safe.
 */
final class QuartzRuns implements Runs {
  private static final Logger LOG = LoggerFactory.getLogger(QuartzRuns.class);

  /** Longer than a group of completions takes, and than a fail-over of connections. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What a slower look at deadlines finds may be late because nobody could report meanwhile. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  /** One of so many looks at deadlines looks at all that await a word. */
  private static final int LOOKS_FOR_STRAYS = 20;

  private final StoreEngine store;
  private final AwaitedRuns awaited;
  private final JobTransactions transactions;
  private final Attempts attempts;
  private final RunWords words;
  private final FollowingJobs following;
  private final InstantSource clock;
  // Of the thread that sweeps only.
  private int sweeps;

  QuartzRuns(
      StoreEngine store,
      Attempts attempts,
      Runner runner,
      FollowingJobs following,
      InstantSource clock) {
    this.following = following;
    this.store = store;
    this.awaited = store.awaited();
    this.transactions = new JobTransactions(store);
    this.attempts = attempts;
    this.words = new RunWords(runner, clock);
    this.clock = clock;
  }

  @Override
  public Ended complete(ExecutionId id, int attempt, Report report) {
    Known known = find(id);
    Run run = known.run();
    if (run.attempt() != attempt) {
      throw new NotRunning(
          run.state(),
          "attempt " + attempt + " is over; attempt " + run.attempt() + " is the last");
    }
    if (run.state() != ExecutionState.RUNNING || known.firedAt() == null) {
      throw over(run.state());
    }
    StoredJob job = known.job();
    if (!known.awaiting() && (job == null || Async.of(job.job()).isEmpty())) {
      String why = job == null ? "its definition cannot be read" : "its job has no target.async";
      throw new NotRunning(run.state(), why + ": its call's answer decides");
    }
    Outcome outcome =
        report.succeeded()
            ? new Succeeded(run.httpStatus(), report.result())
            : new Failed(
                Reasons.TARGET_FAILED,
                report.error() == null ? "the target reported a failure" : report.error(),
                run.httpStatus(),
                report.result(),
                null);
    Completion completion = words.of(known, known.firedAt(), outcome, Via.TARGET);
    Completion ended = await(id, awaited.end(completion)).orElseThrow(() -> notCounted(known));
    store.wake();
    return ended(ended);
  }

  /** Why a word on a run did not count: the run is over, or another word on it comes first. */
  private RuntimeException notCounted(Known before) {
    ExecutionId id = before.run().id();
    Known now = find(id);
    boolean goesOn =
        now.run().state() == ExecutionState.RUNNING
            && now.run().attempt() == before.run().attempt();
    return goesOn
        ? new StoreUnavailable("another word on execution " + id + " is being recorded", null)
        : over(now.run().state());
  }

  private Known find(ExecutionId id) {
    try {
      return awaited.find(id).orElseThrow(() -> new UnknownRun(id));
    } catch (SQLException e) {
      throw new StoreUnavailable("execution " + id + " cannot be read now", e);
    }
  }

  private static NotRunning over(ExecutionState state) {
    return new NotRunning(
        state, state.isFinal() ? "the execution is over" : "the execution does not run now");
  }

  private static Ended ended(Completion completion) {
    NextStep next = completion.next();
    return next instanceof RetryAt retry
        ? new Ended(ExecutionState.RETRYING, retry.reason(), retry.instant())
        : new Ended(((Finish) next).state(), ((Finish) next).reason(), null);
  }

  private Optional<Completion> await(
      ExecutionId id, CompletableFuture<Optional<Completion>> recorded) {
    try {
      return recorded.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new StoreUnavailable("the end of execution " + id + " cannot be recorded now", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("the server stops", e);
    }
  }

  /**
   * Ends what is late with its word. To be called twice a second or so.
   *
   * @param attentive for how long this node has seen the database without a gap
   */
  void sweep(Duration attentive) {
    try {
      if (sweeps++ % LOOKS_FOR_STRAYS == 0) {
        awaited.adoptStrays();
      }
      long begun = System.nanoTime();
      List<Known> due = awaited.due(attentive);
      if (System.nanoTime() - begun < LONGEST_LOOK.toNanos()) {
        due.forEach(this::endLate);
      }
    } catch (SQLException e) {
      LOG.debug("cannot look for words that are late: {}", e.getMessage());
    }
  }

  private void endLate(Known known) {
    Instant firedAt = known.firedAt();
    if (firedAt != null) {
      awaited.end(words.ofNobody(known, firedAt));
    }
  }

  @Override
  public Cancelling cancel(String namespace, ExecutionId id) {
    Cancelling cancelling =
        transactions.run(
            null,
            session -> {
              OneRun runs = session.runs();
              Run run = require(runs, namespace, id);
              boolean started = run.attempt() > 0;
              if (run.state() == ExecutionState.RUNNING
                  && runs.cancelRunning(Set.of(id), now()) > 0) {
                return new Cancelling(ExecutionState.RUNNING, true);
              }
              if (run.state().isFinal()) {
                throw new NotRunning(run.state(), "the execution is over");
              }
              StoredJob job = require(session, run);
              if (run.state() == ExecutionState.RUNNING) {
                runs.cancelLost(id, job, now());
              } else {
                runs.cancelWaiting(id, job, now());
              }
              following.cancelled(session, id, job.job(), now());
              return new Cancelling(ExecutionState.CANCELLED, started);
            });
    if (cancelling.state() == ExecutionState.RUNNING) {
      attempts.breakOff(id);
      endIfAwaited(id);
    }
    store.wake();
    return cancelling;
  }

  /**
   * What awaits its target's word has no call to break off; a sweep would end it a little later.
   */
  private void endIfAwaited(ExecutionId id) {
    try {
      awaited.find(id).filter(Known::awaiting).ifPresent(this::endLate);
    } catch (SQLException e) {
      LOG.debug("execution {} ends with the next look at deadlines: {}", id, e.getMessage());
    }
  }

  @Override
  public int retry(String namespace, ExecutionId id) {
    int attempt =
        transactions.run(
            null,
            session -> {
              OneRun runs = session.runs();
              Run run = require(runs, namespace, id);
              if (run.state() != ExecutionState.FAILED && run.state() != ExecutionState.CANCELLED) {
                throw new NotRunning(run.state(), "only what FAILED or was CANCELLED is retried");
              }
              StoredJob job = require(session, run);
              if (job.state() == JobState.CANCELLED) {
                throw new WrongState(job.id(), job.state(), "retry an execution of it");
              }
              session.store(List.of(PlannedJobs.withPlan(job.job(), null, false)));
              runs.again(run, job, now());
              return run.attempt() + 1;
            });
    store.wake();
    return attempt;
  }

  private static Run require(OneRun runs, String namespace, ExecutionId id) throws SQLException {
    return runs.find(id)
        .filter(run -> run.jobId().namespace().equals(namespace))
        .orElseThrow(() -> new UnknownRun(id));
  }

  private static StoredJob require(StoreSession session, Run run) throws SQLException {
    StoredJob job = session.lockJobs(Set.of(run.jobId())).get(run.jobId());
    if (job == null) {
      throw new UnknownJob(run.jobId());
    }
    return job;
  }

  /** Whole milliseconds: what the tables hold. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
