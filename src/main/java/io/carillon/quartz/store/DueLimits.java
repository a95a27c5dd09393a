package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.Lanes;
import io.carillon.execution.Need;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.QueueSettings;
import io.carillon.job.TargetHost;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which runs of a due batch go at once, as limits have it, and where the others wait. What is
 * limited by nothing costs nothing here. One transaction, one thread.
 */
final class DueLimits implements Lanes {
  private final LaneRows rows;
  private final HostCalls calls;
  private final boolean limited;
  private final Instant now;

  private final DirectAdmission direct;

  /**
   * @param limited whether any queue is, as the same transaction sees it
   */
  DueLimits(DirectAdmission direct, LaneRows rows, HostCalls calls, boolean limited, Instant now) {
    this.rows = rows;
    this.calls = calls;
    this.limited = limited;
    this.now = now;
    this.direct = direct;
  }

  /**
   * One statement if any queue is limited, one if any host may not be called, three if any job of
   * the batch is limited, else none.
   */
  @Override
  public Judge judge(Connection connection, Collection<Job> jobs, Set<ExecutionId> over)
      throws SQLException {
    Map<Lane, QueueSettings> queues = limited ? rows.limited(connection) : Map.of();
    Map<String, Gate> shut = rows.gates().any() ? rows.gates().shut(connection, now) : Map.of();
    direct.lock(connection, jobs.stream().map(job -> needs(job, queues, 1)).toList());
    Map<String, Set<ExecutionId>> granted = new HashMap<>();
    return (id, job, attempt) -> {
      List<Need> needs = needs(job, queues, attempt);
      String host = TargetHost.of(job.target());
      if (host != null && shut.containsKey(host) && !isStrict(needs)) {
        return wait(Lane.host(host), Reasons.CIRCUIT_OPEN, needs);
      }
      if (!direct.hasRoom(id, needs)) {
        return wait(needs.get(0).lane(), needs.get(0).reason(), needs);
      }
      Set<ExecutionId> beside =
          host == null ? Set.of() : granted.computeIfAbsent(host, same -> new LinkedHashSet<>());
      if (host != null && !beside.contains(id) && calls.free(host) <= beside.size()) {
        // Those that are quick are worth waiting for.
        return calls.isSlow(host)
            ? wait(Lane.host(host), Reasons.CONCURRENCY, needs)
            : Verdict.LEAVE;
      }
      if (host != null) {
        beside.add(id);
      }
      return direct.take(id, needs);
    };
  }

  private static List<Need> needs(Job job, Map<Lane, QueueSettings> queues, int attempt) {
    return Need.of(job, queues.get(Lane.queue(job.id().namespace(), job.queue())), attempt);
  }

  private static boolean isStrict(List<Need> needs) {
    return !needs.isEmpty() && needs.get(0).lane().kind() == Lane.Kind.FIFO;
  }

  private static Verdict wait(Lane lane, String reason, List<Need> needs) {
    return new Verdict.Wait(lane, reason, needs.stream().map(Need::lane).toList());
  }

  /** Gives what was fired its permits. Sends nothing if nothing of it is limited. */
  void grant(Connection connection, Collection<Firing> fired) throws SQLException {
    direct.write(connection, fired.stream().map(Firing::id).toList());
  }
}
