package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Answer;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes what came of attempts. Stateless. */
final class CompletionRows {
  private CompletionRows() {}

  /** Who makes which attempt. */
  private record Running(String node, int attempt) {}

  /** Most end with their first attempt: these take one statement, and others four. */
  static void completed(Connection connection, List<Completion> completions) throws SQLException {
    Map<ExecutionId, Completion> first = new LinkedHashMap<>();
    List<Completion> others = new ArrayList<>();
    for (Completion completion : completions) {
      if (completion.firing().attempt() > 1 || completion.next() instanceof RetryAt) {
        others.add(completion);
      } else {
        first.putIfAbsent(completion.firing().id(), completion);
      }
    }
    finish(connection, List.copyOf(first.values()));
    if (!others.isEmpty()) {
      completedRepeats(connection, others);
    }
  }

  private static void completedRepeats(Connection connection, List<Completion> completions)
      throws SQLException {
    Map<ExecutionId, Running> running = running(connection, completions);
    List<Completion> own = new ArrayList<>();
    for (Completion completion : completions) {
      Firing firing = completion.firing();
      // Removed when found, so that the same completion twice in a batch counts once.
      if (running.remove(firing.id(), new Running(firing.node(), firing.attempt()))) {
        own.add(completion);
      }
    }
    own = withoutRetriesOfCancelledJobs(connection, own);
    finish(connection, own);
    AttemptRows.write(
        connection,
        own.stream()
            .filter(c -> c.firing().attempt() > 1 || c.next() instanceof RetryAt)
            .map(c -> attempt(c, reason(c.outcome()), true))
            .toList());
  }

  /** By primary key, in the partitions of the instants. */
  private static Map<ExecutionId, Running> running(
      Connection connection, List<Completion> completions) throws SQLException {
    Map<ExecutionId, Running> running = new HashMap<>();
    for (List<ExecutionId> chunk : Chunks.of(ids(completions))) {
      Keys keys = Keys.ofExecutions("", chunk);
      Sql.query(
          connection,
          """
          SELECT id, node, attempt
          FROM execution FORCE INDEX (PRIMARY)
          WHERE %s AND state = 'RUNNING'
          FOR UPDATE
          """
              .formatted(keys.condition()),
          row ->
              running.put(
                  new ExecutionId(row.getString("id")),
                  new Running(row.getString("node"), row.getInt("attempt"))),
          keys.values());
    }
    return running;
  }

  /** A job that was cancelled while it ran has no further attempt. */
  private static List<Completion> withoutRetriesOfCancelledJobs(
      Connection connection, List<Completion> completions) throws SQLException {
    Set<JobId> retried = new LinkedHashSet<>();
    for (Completion completion : completions) {
      if (completion.next() instanceof RetryAt) {
        retried.add(completion.firing().job().id());
      }
    }
    Set<JobId> cancelled = cancelled(connection, retried);
    if (cancelled.isEmpty()) {
      return completions;
    }
    return completions.stream()
        .map(
            c ->
                c.next() instanceof RetryAt && cancelled.contains(c.firing().job().id())
                    ? new Completion(
                        c.firing(),
                        c.outcome(),
                        new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED),
                        c.startedAt(),
                        c.finishedAt())
                    : c)
        .toList();
  }

  private static Set<JobId> cancelled(Connection connection, Set<JobId> ids) throws SQLException {
    Set<JobId> cancelled = new HashSet<>();
    for (List<JobId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofJobs("id", chunk);
      cancelled.addAll(
          Sql.query(
              connection,
              """
              SELECT namespace, id FROM job FORCE INDEX (PRIMARY)
              WHERE %s AND state = 'CANCELLED'
              """
                  .formatted(keys.condition()),
              row -> new JobId(row.getString("namespace"), row.getString("id")),
              keys.values()));
    }
    return cancelled;
  }

  /** Most have a status and nothing else to tell, and are written for less. */
  private static void finish(Connection connection, List<Completion> completions)
      throws SQLException {
    Map<Boolean, List<Completion>> byWord =
        completions.stream().collect(Collectors.partitioningBy(OutcomeRows::isPlain));
    for (List<Completion> chunk : Chunks.of(byWord.get(true))) {
      OutcomeRows.PLAIN.write(connection, chunk);
    }
    for (List<Completion> chunk : Chunks.of(byWord.get(false), CompletionRows::characters)) {
      OutcomeRows.FULL.write(connection, chunk);
    }
  }

  /**
   * Keeps answers that came too late, as attempts. An answer whose own commit ended without news is
   * not one of them: its row is final or retrying by that very attempt, and stays as it is.
   */
  static void stale(Connection connection, List<Completion> completions) throws SQLException {
    Map<ExecutionId, Integer> settled = new HashMap<>();
    Set<ExecutionId> known = new HashSet<>();
    for (List<ExecutionId> chunk : Chunks.of(ids(completions))) {
      Keys keys = Keys.ofExecutions("execution.", chunk);
      Sql.query(
          connection,
          """
          SELECT execution.id, execution.attempt,
            execution.state NOT IN ('RUNNING', 'QUEUED') AND COALESCE(lost.counted, TRUE) AS settled
          FROM execution FORCE INDEX (PRIMARY)
          LEFT JOIN attempt AS lost ON lost.execution_id = execution.id
            AND lost.n = execution.attempt AND lost.scheduled_at = execution.scheduled_at
          WHERE %s
          """
              .formatted(keys.condition()),
          row -> {
            ExecutionId id = new ExecutionId(row.getString("id"));
            known.add(id);
            return row.getBoolean("settled") ? settled.put(id, row.getInt("attempt")) : null;
          },
          keys.values());
    }
    AttemptRows.write(
        connection,
        completions.stream()
            .filter(c -> known.contains(c.firing().id()))
            .filter(c -> settled.getOrDefault(c.firing().id(), 0) != c.firing().attempt())
            .map(c -> attempt(c, Reasons.STALE, false))
            .toList());
  }

  private static AttemptRows.Row attempt(
      Completion completion, @Nullable String reason, boolean counted) {
    Firing firing = completion.firing();
    return new AttemptRows.Row(
        firing.id(),
        firing.attempt(),
        firing.node(),
        completion.startedAt(),
        completion.finishedAt(),
        completion.outcome().httpStatus(),
        reason,
        OutcomeRows.error(completion.outcome()),
        counted);
  }

  private static Set<ExecutionId> ids(List<Completion> completions) {
    Set<ExecutionId> ids = new LinkedHashSet<>();
    completions.forEach(completion -> ids.add(completion.firing().id()));
    return ids;
  }

  private static int characters(Completion completion) {
    Answer answer = completion.outcome().answer();
    return answer == null ? 0 : answer.body().length();
  }

  private static @Nullable String reason(Outcome outcome) {
    return outcome instanceof Failed failed ? failed.reason() : null;
  }
}
