package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is written of a group of attempts: of those that were begun how they ended. */
record Endings(Complete complete, Unbegun unbegun) {

  Complete.Result write(Connection connection, List<Completion> group, Instant now)
      throws SQLException {
    Map<Boolean, List<Completion>> begun =
        group.stream().collect(Collectors.partitioningBy(Predicate.not(Unbegun::is)));
    unbegun.giveBack(connection, begun.get(false), now);
    return begun.get(true).isEmpty()
        ? Complete.Result.NOTHING
        : complete.run(connection, begun.get(true), now);
  }
}
