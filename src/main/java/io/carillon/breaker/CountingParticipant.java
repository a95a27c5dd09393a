package io.carillon.breaker;

import io.carillon.breaker.Judge.End;
import io.carillon.execution.Completion;
import io.carillon.execution.Completion.Via;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ForwardingParticipant;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.TargetHost;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings failed calls, and the ends of probes, before the {@link Judge}, in the transaction that
 * records them. A batch without either costs no statement. An answer of "later" is an answer; that
 * nothing was told later says nothing of the host, which had answered.
 */
final class CountingParticipant extends ForwardingParticipant {
  private final Judge judge;
  private final Watch watch;
  private final Probes probes;
  private final DatabaseClock clock;

  CountingParticipant(
      StoreParticipant inner, Judge judge, Watch watch, Probes probes, DatabaseClock clock) {
    super(inner);
    this.judge = judge;
    this.watch = watch;
    this.probes = probes;
    this.clock = clock;
  }

  @Override
  public void answered(Connection connection, List<Completion> completions) throws SQLException {
    super.answered(connection, completions);
    Map<String, List<End>> ends = new HashMap<>();
    Set<String> concerned = new HashSet<>();
    for (Completion completion : completions) {
      String host = TargetHost.of(completion.firing().job().target());
      if (host != null && completion.via() != Via.DEADLINE) {
        ExecutionId id = completion.firing().id();
        // A target that tells of a call was reached by it, whatever it has to tell.
        Verdict verdict =
            completion.via() == Via.TARGET ? Verdict.ANSWER : Verdict.of(completion.outcome());
        ends.computeIfAbsent(host, name -> new ArrayList<>())
            .add(new End(id, verdict, clock.ofNode(completion.startedAt())));
        if (verdict == Verdict.FAILURE || probes.contains(id) || watch.isShut(host)) {
          concerned.add(host);
        }
      }
    }
    if (!concerned.isEmpty()) {
      ends.keySet().retainAll(concerned);
      judge.judge(connection, ends, clock.instant());
    }
  }
}
