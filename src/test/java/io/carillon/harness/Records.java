package io.carillon.harness;

import static java.util.stream.Collectors.toSet;

import io.carillon.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the database holds when all is quiet: nothing may be stuck in it, and its history must tell
 * of every call that the target saw, and of no other. It only reads, and past the server.
 */
public final class Records {
  private static final Set<String> WITHOUT_A_CALL = Set.of("SKIPPED", "CANCELLED", "SCHEDULED");

  /** What is younger may still be under way. */
  private static final long UNDER_WAY_MILLIS = 5_000;

  private final Connections connections;

  /** Opens a connection of the test's own. */
  public interface Connections {
    Connection open() throws SQLException;
  }

  private record Execution(String id, String jobId, String state, int attempt, Instant at) {
    static Execution of(ResultSet row) throws SQLException {
      return new Execution(
          row.getString("id"),
          row.getString("job_id"),
          row.getString("state"),
          row.getInt("attempt"),
          Instant.ofEpochMilli(row.getLong("scheduled_at")));
    }
  }

  public Records(Connections connections) {
    this.connections = connections;
  }

  /** One line for each trigger, fired row or execution that nobody will bring to its end. */
  public List<String> stuck() throws SQLException {
    long before = System.currentTimeMillis() - UNDER_WAY_MILLIS;
    try (Connection connection = connections.open()) {
      List<String> all = new ArrayList<>();
      all.addAll(
          Sql.query(
              connection,
              "SELECT what, trigger_name FROM v_stuck",
              row -> row.getString(1) + ": " + row.getString(2)));
      all.addAll(
          Sql.query(
              connection,
              """
              SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS
               WHERE TRIGGER_STATE = 'WAITING' AND NEXT_FIRE_TIME BETWEEN 0 AND ?
              """,
              row -> "due and not fired: " + row.getString(1),
              before));
      all.addAll(
          Sql.query(
              connection,
              "SELECT ENTRY_ID, INSTANCE_NAME FROM QRTZ_FIRED_TRIGGERS WHERE FIRED_TIME <= ?",
              row -> "fired and not completed: " + row.getString(1) + " of " + row.getString(2),
              before));
      all.addAll(
          Sql.query(
              connection,
              """
              SELECT id, state FROM execution
               WHERE state IN ('QUEUED', 'RUNNING', 'RETRYING') AND scheduled_at <= ?
              """,
              row -> "without an end: " + row.getString(1) + ", " + row.getString(2),
              before));
      return all;
    }
  }

  /**
   * The names of the triggers that wait for their time or their turn; a plan has its job's name.
   */
  public Set<String> waiting() throws SQLException {
    try (Connection connection = connections.open()) {
      return Set.copyOf(
          Sql.query(
              connection,
              "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'WAITING'",
              row -> row.getString(1)));
    }
  }

  /**
   * Compares the whole history up to an instant with the ledgers. For targets that answer well.
   *
   * @return one line for each disagreement
   */
  public List<String> against(List<Ledger> ledgers, Instant until) throws SQLException {
    List<Execution> history;
    try (Connection connection = connections.open()) {
      history =
          Sql.query(
              connection,
              "SELECT id, job_id, state, attempt, scheduled_at FROM execution WHERE scheduled_at <= ?",
              Execution::of,
              until.toEpochMilli());
    }
    Calls calls = Calls.of(ledgers, until);
    List<String> faults = new ArrayList<>();
    Set<String> recorded = history.stream().map(Execution::id).collect(toSet());
    history.forEach(execution -> calls.compare(execution.id(), execution, faults));
    Set<String> unrecorded = new HashSet<>(calls.byExecution().keySet());
    unrecorded.removeAll(recorded);
    unrecorded.forEach(id -> faults.add("execution " + id + " arrived and is not in the history"));
    return faults;
  }

  /** The last arrival of each execution. */
  private record Calls(Map<String, Arrival> byExecution) {
    static Calls of(List<Ledger> ledgers, Instant until) {
      Map<String, Arrival> last = new HashMap<>();
      for (Ledger ledger : ledgers) {
        for (Arrival each : ledger.arrivals()) {
          if (each.executionId() != null
              && (each.scheduledAt() == null || !each.scheduledAt().isAfter(until))) {
            last.merge(each.executionId(), each, (a, b) -> a.attempt() >= b.attempt() ? a : b);
          }
        }
      }
      return new Calls(last);
    }

    void compare(String id, Execution execution, List<String> faults) {
      Arrival call = byExecution.get(id);
      if (call == null) {
        if (!WITHOUT_A_CALL.contains(execution.state())) {
          faults.add("execution %s is %s and did not arrive".formatted(id, execution.state()));
        }
        return;
      }
      if (!execution.state().equals("SUCCEEDED")) {
        faults.add("execution %s arrived and is %s".formatted(id, execution.state()));
      }
      if (!execution.jobId().equals(call.jobId()) || !execution.at().equals(call.scheduledAt())) {
        faults.add("execution %s arrived as %s, and is %s".formatted(id, call, execution));
      }
      if (execution.attempt() < call.attempt()) {
        faults.add(
            "execution %s arrived as attempt %d, and has %d in the history"
                .formatted(id, call.attempt(), execution.attempt()));
      }
    }
  }
}
