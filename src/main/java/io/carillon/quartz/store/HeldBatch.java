package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.StoreParticipant.Due;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Held executions that are looked at, as what is due. Belongs to one transaction.
 *
 * @param byDue with the triggers, which are locked
 * @param held by what is due
 * @param gone executions that are not held any more, whatever their rows say
 */
record HeldBatch(Map<Due, TriggerRow> byDue, Map<Due, Held> held, List<ExecutionId> gone) {

  /** The name of the trigger of a held execution. */
  static TriggerName nameOf(Held held) {
    return TriggerName.ofExecution(
        held.id(), held.attempt(), held.jobId().namespace(), held.queue());
  }

  /**
   * Locks the triggers of what was picked. Runs of paused queues that wait for something else wait
   * for the resume from now on.
   */
  static HeldBatch lock(
      Connection connection, Rows rows, Map<TriggerName, Held> picked, Desks desks)
      throws SQLException {
    Map<TriggerName, TriggerRow> found =
        rows.triggers().lockIn(connection, picked.keySet(), TriggerRow.HELD, true).stream()
            .collect(Collectors.toMap(TriggerRow::name, row -> row));
    HeldBatch batch =
        new HeldBatch(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
    List<TriggerName> paused = new ArrayList<>();
    picked.forEach(
        (name, held) -> {
          TriggerRow row = found.get(name);
          if (row != null && desks.isPaused(held.jobId().namespace(), held.queue())) {
            paused.add(name);
          }
          if (row == null || row.job() == null || paused.contains(name)) {
            batch.gone().add(held.id());
          } else {
            Due due = Due.repeat(held.id(), row.requireJob(), held.attempt());
            batch.byDue().put(due, row);
            batch.held().put(due, held);
          }
        });
    rows.changes().move(connection, paused, TriggerRow.HELD, TriggerRow.PAUSED);
    return batch;
  }
}
