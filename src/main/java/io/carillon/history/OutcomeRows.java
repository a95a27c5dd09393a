package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Answer;
import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One statement that writes outcomes into the rows of their executions. The caller's FIRED rows are
 * the fence; a row is changed only while it is at the same attempt and not finished. A row that
 * retention took away meanwhile is there again. Immutable.
 */
final class OutcomeRows {
  private static final List<String> NAMING =
      List.of("id", "scheduled_at", "namespace", "job_id", "generation", "queue", "attempt");

  /** What a first attempt leaves as its firing wrote it, is not sent. */
  static final OutcomeRows PLAIN =
      new OutcomeRows(
          List.of("http_status", "started_at", "state", "finished_at"),
          completion ->
              Arrays.asList(
                  completion.outcome().httpStatus(),
                  completion.startedAt(),
                  state(completion.next()),
                  completion.finishedAt()));

  static final OutcomeRows FULL =
      new OutcomeRows(
          List.of(
              "http_status",
              "started_at",
              "reason",
              "next_attempt_at",
              "error",
              "response",
              "response_truncated",
              "state",
              "finished_at"),
          OutcomeRows::everything);

  private final List<String> columns;
  private final Function<Completion, List<@Nullable Object>> values;
  private final String statement;

  /**
   * @param columns {@code finished_at} last, as what is set before it looks at it
   */
  private OutcomeRows(List<String> columns, Function<Completion, List<@Nullable Object>> values) {
    this.columns = columns;
    this.values = values;
    this.statement =
        """
        INSERT INTO execution (%s)
        VALUES %%s
        ON DUPLICATE KEY UPDATE %s
        """
            .formatted(
                Stream.concat(NAMING.stream(), columns.stream()).collect(Collectors.joining(", ")),
                columns.stream().map(OutcomeRows::whileOpen).collect(Collectors.joining(", ")));
  }

  private static String whileOpen(String column) {
    return "%1$s = IF(attempt = VALUES(attempt) AND finished_at IS NULL, VALUES(%1$s), %1$s)"
        .formatted(column);
  }

  /** Whether a status is all there is to tell of a first attempt. */
  static boolean isPlain(Completion completion) {
    return completion.firing().attempt() == 1
        && completion.next() instanceof Finish finish
        && finish.reason() == null
        && completion.outcome().answer() == null
        && error(completion.outcome()) == null;
  }

  /** Writes the outcomes of up to 500 executions, each named once. */
  void write(Connection connection, List<Completion> completions) throws SQLException {
    List<@Nullable Object> all = new ArrayList<>();
    for (Completion completion : completions) {
      Firing firing = completion.firing();
      all.add(firing.id().value());
      all.add(firing.id().scheduledAt());
      all.add(firing.job().id().namespace());
      all.add(firing.job().id().value());
      all.add(firing.generation());
      all.add(firing.job().queue());
      all.add(firing.attempt());
      all.addAll(values.apply(completion));
    }
    int width = NAMING.size() + columns.size();
    Sql.update(connection, statement.formatted(Sql.rows(completions.size(), width)), all);
  }

  private static List<@Nullable Object> everything(Completion completion) {
    Answer answer = completion.outcome().answer();
    NextStep next = completion.next();
    return Arrays.asList(
        completion.outcome().httpStatus(),
        completion.startedAt(),
        next instanceof Finish finish ? finish.reason() : ((RetryAt) next).reason(),
        next instanceof RetryAt retry ? retry.instant() : null,
        error(completion.outcome()),
        answer == null ? null : answer.body(),
        answer != null && answer.truncated(),
        state(next),
        next instanceof Finish ? completion.finishedAt() : null);
  }

  private static ExecutionState state(NextStep next) {
    return next instanceof Finish finish ? finish.state() : ExecutionState.RETRYING;
  }

  static @Nullable String error(Outcome outcome) {
    return outcome instanceof Failed failed ? failed.error() : null;
  }
}
