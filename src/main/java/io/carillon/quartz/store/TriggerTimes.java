package io.carillon.quartz.store;

import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.NextFires;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Next planned instants, from the triggers. Thread-safe. */
record TriggerTimes(Transactions transactions, TriggerRows triggers) implements NextFires {
  @Override
  public Map<JobId, Instant> of(Collection<JobId> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    try {
      return transactions.read(connection -> triggers.nextFires(connection, ids));
    } catch (SQLException e) {
      throw new StoreUnavailable("cannot read next fire times", e);
    }
  }
}
