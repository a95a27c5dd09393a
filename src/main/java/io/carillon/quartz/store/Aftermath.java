package io.carillon.quartz.store;

import io.carillon.execution.Answer;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.NextStep.Finish;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Starts what follows executions in the transaction that ends them, and tells beforehand which
 * these are: such a transaction creates jobs, so it takes the lock row exclusively, as every
 * creation does. Nothing is sent for others. Thread-safe.
 */
final class Aftermath {
  /** What one transaction may create: more would keep the others from firing for too long. */
  private static final int MOST = 250;

  private static final int CHARACTERS_OF_ONE = 2_000;

  private final Successors successors;
  private final Function<Connection, StoreSession> sessions;
  private final Runnable wake;

  /**
   * @param wake tells the loop that fires that something due may have been stored
   */
  Aftermath(Successors successors, Function<Connection, StoreSession> sessions, Runnable wake) {
    this.successors = successors;
    this.sessions = sessions;
    this.wake = wake;
  }

  /** What nothing follows comes first, all at once; the rest in portions that are not too large. */
  List<List<Completion>> portions(List<Completion> group) {
    List<Completion> plain = new ArrayList<>();
    List<List<Completion>> portions = new ArrayList<>();
    List<Completion> portion = new ArrayList<>();
    int sum = 0;
    for (Completion completion : group) {
      if (!mayFollow(completion)) {
        plain.add(completion);
        continue;
      }
      int more = weight(completion);
      if (!portion.isEmpty() && sum + more > MOST) {
        portions.add(List.copyOf(portion));
        portion.clear();
        sum = 0;
      }
      portion.add(completion);
      sum += more;
    }
    if (!portion.isEmpty()) {
      portions.add(List.copyOf(portion));
    }
    if (!plain.isEmpty()) {
      portions.add(0, List.copyOf(plain));
    }
    return portions;
  }

  /** How many followers there are at most, and some more where answers that they tell are long. */
  private int weight(Completion completion) {
    Answer answer = completion.outcome().answer();
    return successors.most(completion.firing().job())
        + (answer == null ? 0 : answer.body().length() / CHARACTERS_OF_ONE);
  }

  /** Whether the transaction that writes these may create jobs. */
  boolean creates(List<Completion> completions) {
    return completions.stream().anyMatch(this::mayFollow);
  }

  /** What follows is committed and due at once. */
  void committed() {
    wake.run();
  }

  /** Before it is known whether it, or its job, was cancelled meanwhile. */
  private boolean mayFollow(Completion completion) {
    Job job = completion.firing().job();
    return successors.concern(job, state(completion))
        || successors.concern(job, ExecutionState.CANCELLED);
  }

  private static ExecutionState state(Completion completion) {
    return completion.next() instanceof Finish finish ? finish.state() : ExecutionState.RETRYING;
  }

  /** Attempts of this node's own, as they were written. */
  void ended(Connection connection, List<Completion> own, Instant now) throws SQLException {
    Map<ExecutionId, Job> executions = new LinkedHashMap<>();
    for (Completion completion : own) {
      Job job = completion.firing().job();
      if (successors.concern(job, state(completion))) {
        executions.put(completion.firing().id(), job);
      }
    }
    follow(connection, executions, now);
  }

  /**
   * Executions that were handed back.
   *
   * @param jobs by the executions that are not attempted again
   * @param cancelled those of them that somebody wanted cancelled
   */
  void handedBack(
      Connection connection,
      Map<ExecutionId, StoredJob> jobs,
      Set<ExecutionId> cancelled,
      Instant now)
      throws SQLException {
    Map<ExecutionId, Job> executions = new LinkedHashMap<>();
    jobs.forEach(
        (id, stored) -> {
          ExecutionState state =
              stored.state() == JobState.CANCELLED || cancelled.contains(id)
                  ? ExecutionState.CANCELLED
                  : ExecutionState.FAILED;
          if (successors.concern(stored.job(), state)) {
            executions.put(id, stored.job());
          }
        });
    follow(connection, executions, now);
  }

  private void follow(Connection connection, Map<ExecutionId, Job> executions, Instant now)
      throws SQLException {
    if (!executions.isEmpty()) {
      successors.follow(sessions.apply(connection), executions, Set.<JobId>of(), now);
    }
  }
}
