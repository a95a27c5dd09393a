package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.Completion.Via;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.NextStep.Await;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Reasons;
import io.carillon.execution.StoreParticipant;
import io.carillon.quartz.store.FiredRows.FiredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which completions of a group count: an attempt's own FIRED row must stand, by execution id and
 * firing time, and by instance name where a worker speaks. A target's word counts whoever holds the
 * row, since its token tells the attempt; a missed deadline counts only while it is missed still.
 *
 * @param ended what has ended, each once, with rows in the same order
 * @param awaiting what awaits its target's word from now on, likewise
 * @param stale answers of attempts that were another's by then
 */
record Fence(
    List<Completion> ended,
    List<FiredRow> endedRows,
    List<Completion> awaiting,
    List<FiredRow> awaitingRows,
    List<Completion> stale) {

  private static final List<Via> ORDER = List.of(Via.TARGET, Via.WORKER, Via.DEADLINE);

  /**
   * Locks the rows of a group, and sorts it. Sends two statements; one if no deadline is missed.
   */
  static Fence of(
      Connection connection, List<Completion> group, FiredRows rows, StoreParticipant participant)
      throws SQLException {
    Set<ExecutionId> ids = new LinkedHashSet<>();
    Set<ExecutionId> late = new LinkedHashSet<>();
    for (Completion completion : group) {
      ids.add(completion.firing().id());
      if (completion.via() == Via.DEADLINE) {
        late.add(completion.firing().id());
      }
    }
    Map<ExecutionId, FiredRow> fired = new HashMap<>();
    for (FiredRow row : rows.lock(connection, ids)) {
      fired.put(new ExecutionId(row.entry()), row);
    }
    if (!late.isEmpty()) {
      late.retainAll(participant.runs().stillDue(connection, late));
    }
    Fence fence =
        new Fence(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    // A target's word counts before its answer of "later" in the same group.
    group.stream()
        .sorted(Comparator.comparing(completion -> ORDER.indexOf(completion.via())))
        .forEach(completion -> fence.sort(completion, fired, late));
    return fence;
  }

  private void sort(
      Completion completion, Map<ExecutionId, FiredRow> fired, Set<ExecutionId> late) {
    ExecutionId id = completion.firing().id();
    FiredRow row = fired.get(id);
    if (row == null || !counts(completion, row, late)) {
      if (completion.via() != Via.DEADLINE) {
        stale.add(completion);
      }
      return;
    }
    // Removed when found: of two attempts of one execution in a group, one counts.
    fired.remove(id);
    Completion judged = row.cancelling() ? cancelled(completion) : completion;
    if (judged.next() instanceof Await) {
      awaiting.add(judged);
      awaitingRows.add(row);
    } else {
      ended.add(judged);
      endedRows.add(row);
    }
  }

  private static boolean counts(Completion completion, FiredRow row, Set<ExecutionId> late) {
    if (row.firedAt().toEpochMilli() != completion.firing().firedAt().toEpochMilli()) {
      return false;
    }
    return switch (completion.via()) {
      case WORKER -> row.node().equals(completion.firing().node());
      case TARGET -> true;
      case DEADLINE -> row.isAwaiting() && late.contains(completion.firing().id());
    };
  }

  /** Somebody wants it cancelled: it is, unless it succeeded before. */
  private static Completion cancelled(Completion completion) {
    boolean goesOn =
        completion.next() instanceof RetryAt
            || completion.next() instanceof Await
            || (completion.next() instanceof Finish finish
                && finish.state() == ExecutionState.FAILED);
    return goesOn
        ? completion.then(new Finish(ExecutionState.CANCELLED, Reasons.CANCELLED))
        : completion;
  }

  /** Those that have ended by another way than by the worker that called. */
  Set<ExecutionId> endedAwaiting() {
    Set<ExecutionId> ids = new LinkedHashSet<>();
    for (FiredRow row : endedRows) {
      if (row.isAwaiting()) {
        ids.add(new ExecutionId(row.entry()));
      }
    }
    return ids;
  }
}
