package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.NextStep.GiveBack;
import io.carillon.execution.Reasons;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attempts that were fired and then not begun, because the breaker of their host had opened
 * meanwhile: each goes back with the number it had, due at once, so that whoever fires next sees
 * what is in its way. The fence holds as for a completion: what is another node's by now is left
 * alone. Constant statements per batch, none if there is no such attempt. Thread-safe.
 */
final class Unbegun {
  private final Rows rows;
  private final HandBack handBack;

  Unbegun(Rows rows, HandBack handBack) {
    this.rows = rows;
    this.handBack = handBack;
  }

  static boolean is(Completion completion) {
    return completion.next() instanceof GiveBack;
  }

  void giveBack(Connection connection, List<Completion> unbegun, Instant now) throws SQLException {
    if (unbegun.isEmpty()) {
      return;
    }
    Map<ExecutionId, Completion> byId = new LinkedHashMap<>();
    unbegun.forEach(completion -> byId.put(completion.firing().id(), completion));
    List<String> ids = byId.keySet().stream().map(ExecutionId::value).toList();
    List<FiredRow> own = new ArrayList<>();
    for (FiredRow row : rows.fired().lockEntries(connection, ids)) {
      Completion completion = byId.get(new ExecutionId(row.entry()));
      if (completion != null && Complete.isOwn(completion.firing(), row)) {
        own.add(row);
      }
    }
    handBack.run(connection, own, Reasons.CIRCUIT_OPEN, row -> true, now);
  }
}
