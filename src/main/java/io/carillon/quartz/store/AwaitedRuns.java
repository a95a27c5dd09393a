package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.DefinitionRows.Definitions;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.RunRows.Run;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.JobId;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Executions as others than their workers see them: how one stands, which are late with their word,
 * and the way by which a word from elsewhere becomes their end, which is that of every completion.
 * Thread-safe.
 */
public final class AwaitedRuns {
  private static final int MOST_DUE = 500;

  private final Transactions transactions;
  private final Rows rows;
  private final StoreParticipant participant;
  private final CompletionQueue completions;
  private volatile String walked = "";

  AwaitedRuns(
      Transactions transactions,
      Rows rows,
      StoreParticipant participant,
      CompletionQueue completions) {
    this.transactions = transactions;
    this.rows = rows;
    this.participant = participant;
    this.completions = completions;
  }

  /**
   * An execution.
   *
   * @param firedAt when it was fired; null if it does not run
   * @param awaiting whether no node runs it, and its target's word is awaited
   * @param job as it is now; null if there is none that can be read
   */
  public record Known(
      Run run, @Nullable Instant firedAt, boolean awaiting, @Nullable StoredJob job) {}

  /**
   * How an execution stands, three statements. Nothing stays locked. Its firing is looked at first:
   * if the next attempt is fired meanwhile, the firing is not that attempt's, and nothing counts
   * that is told by it.
   */
  public Optional<Known> find(ExecutionId id) throws SQLException {
    return transactions.read(
        connection -> {
          Map<ExecutionId, FiredMarks.Mark> fired = rows.marks().of(connection, List.of(id));
          Optional<Run> run = participant.runs().find(connection, id);
          return run.isEmpty()
              ? Optional.<Known>empty()
              : Optional.of(known(connection, List.of(run.get()), fired).get(0));
        });
  }

  /**
   * Those whose word is late, or that shall be cancelled while they await it: as many as a node can
   * hold the definitions of, and the others once these have ended.
   *
   * @param attentive for how long this node has seen the database without a gap
   */
  public List<Known> due(Duration attentive) throws SQLException {
    return transactions.read(
        connection -> {
          List<Run> runs = participant.runs().due(connection, attentive, MOST_DUE);
          if (runs.isEmpty()) {
            return List.of();
          }
          List<Known> due =
              known(
                  connection,
                  runs,
                  rows.marks().of(connection, runs.stream().map(Run::id).toList()));
          List<ExecutionId> others =
              due.stream().filter(one -> !one.awaiting()).map(one -> one.run().id()).toList();
          if (!others.isEmpty()) {
            participant.runs().forget(connection, others);
          }
          return due.stream().filter(Known::awaiting).toList();
        });
  }

  /**
   * Looks at some of those that await a word, and has those end soon that await it for ever: their
   * row in {@code awaited} is gone, which only a person can do. To be called now and then.
   */
  public void adoptStrays() throws SQLException {
    List<ExecutionId> some = transactions.read(c -> rows.marks().awaiting(c, walked, MOST_DUE));
    walked = some.size() < MOST_DUE ? "" : some.get(some.size() - 1).value();
    if (!some.isEmpty()) {
      transactions.<Void, SQLException>read(
          connection -> {
            participant.runs().adopt(connection, some);
            return null;
          });
    }
  }

  /** Without those whose definitions are too much beside the others. */
  private List<Known> known(
      Connection connection, List<Run> runs, Map<ExecutionId, FiredMarks.Mark> fired)
      throws SQLException {
    Set<JobId> ids = new LinkedHashSet<>();
    runs.forEach(run -> ids.add(run.jobId()));
    Definitions found = participant.readJobs(connection, ids);
    List<Known> known = new ArrayList<>();
    for (Run run : runs) {
      if (found.tooMuch().contains(run.jobId())) {
        continue;
      }
      FiredMarks.Mark mark = fired.get(run.id());
      known.add(
          new Known(
              run,
              mark == null ? null : mark.firedAt(),
              mark != null && mark.awaiting(),
              found.jobs().get(run.jobId())));
    }
    return known;
  }

  /**
   * Ends an attempt as somebody else than its worker says. Returns at once.
   *
   * @return as recorded, once it is on disk; empty if it did not count, or if another word of its
   *     kind on this attempt is under way
   */
  public CompletableFuture<Optional<Completion>> end(Completion completion) {
    return completions.addWord(completion);
  }
}
