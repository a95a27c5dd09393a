package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep.Await;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is written of a group of attempts: of those that were begun how they ended. */
record Endings(Complete complete, Unbegun unbegun, FiredRows fired) {

  Complete.Result write(Connection connection, List<Completion> group, Instant now)
      throws SQLException {
    Map<Boolean, List<Completion>> begun =
        group.stream().collect(Collectors.partitioningBy(Predicate.not(Unbegun::is)));
    unbegun.giveBack(connection, begun.get(false), now);
    return begun.get(true).isEmpty()
        ? Complete.Result.NOTHING
        : complete.run(connection, begun.get(true), now);
  }

  /**
   * Whether a group was written: no attempt that it ended has its FIRED row any more, and none that
   * it left awaiting has it on a node. A group that wrote neither leaves no trace; it may be
   * written again.
   */
  boolean isLeft(Connection connection, Complete.Result result) throws SQLException {
    Map<ExecutionId, Completion> written = new HashMap<>();
    result.own().forEach(completion -> written.put(completion.firing().id(), completion));
    result.awaiting().forEach(completion -> written.put(completion.firing().id(), completion));
    return !written.isEmpty()
        && fired.lock(connection, written.keySet()).stream()
            .noneMatch(row -> isAsBefore(row, written.get(new ExecutionId(row.entry()))));
  }

  private static boolean isAsBefore(FiredRow row, Completion completion) {
    boolean leftAwaiting = row.isAwaiting() && completion.next() instanceof Await;
    return !leftAwaiting
        && row.firedAt().toEpochMilli() == completion.firing().firedAt().toEpochMilli();
  }
}
