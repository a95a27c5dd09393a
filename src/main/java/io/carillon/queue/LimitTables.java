package io.carillon.queue;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.HostGates;
import io.carillon.execution.Lane;
import io.carillon.execution.Lane.Kind;
import io.carillon.execution.LaneRows;
import io.carillon.job.JobId;
import io.carillon.job.QueueSettings;
import io.carillon.job.StoredQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables {@code lane}, {@code held} and {@code permit} together. Thread-safe. */
final class LimitTables implements LaneRows {
  /** Lists are cut at this length, so that statements stay short. */
  private static final int CHUNK = 500;

  private final HostGates gates;

  LimitTables(HostGates gates) {
    this.gates = gates;
  }

  @Override
  public HostGates gates() {
    return gates;
  }

  /** Index queue_by_limit. */
  @Override
  public Map<Lane, QueueSettings> limited(Connection connection) throws SQLException {
    Map<Lane, QueueSettings> limited = new HashMap<>();
    Sql.query(
        connection,
        """
        SELECT namespace, name, concurrency, rate_permits, rate_per_ms, rate_burst, per_host
        FROM queue
        WHERE limited = TRUE
        """,
        row ->
            limited.put(
                Lane.queue(row.getString("namespace"), row.getString("name")),
                QueueTable.settings(row)));
    return limited;
  }

  @Override
  public Set<Lane> hold(
      Connection connection, Collection<Held> runs, Collection<Lane> passes, Instant now)
      throws SQLException {
    if (runs.isEmpty()) {
      return Set.of();
    }
    HeldTable.insert(connection, runs);
    Set<Lane> lanes = runs.stream().map(Held::lane).collect(Collectors.toSet());
    Set<Lane> strict = lanes.stream().filter(LimitTables::isStrict).collect(Collectors.toSet());
    Set<Lane> missing = new HashSet<>(lanes);
    missing.addAll(passes);
    missing.removeAll(strict);
    if (!missing.isEmpty()) {
      missing.removeAll(LaneTable.among(connection, missing));
    }
    if (!strict.isEmpty() || !missing.isEmpty()) {
      LaneTable.touch(connection, strict, missing, now);
    }
    lanes.removeAll(strict);
    return lanes;
  }

  private static boolean isStrict(Lane lane) {
    return lane.kind().isStrict();
  }

  @Override
  public List<Locked> lockReady(Connection connection, int most) throws SQLException {
    return LaneTable.lockReady(connection, most);
  }

  @Override
  public List<Locked> lockIfThere(Connection connection, Collection<Lane> lanes)
      throws SQLException {
    return LaneTable.lock(connection, lanes);
  }

  @Override
  public List<Locked> lock(Connection connection, Collection<Lane> lanes) throws SQLException {
    List<Locked> locked = LaneTable.lock(connection, lanes);
    Set<Lane> missing = new HashSet<>(lanes);
    locked.forEach(row -> missing.remove(row.lane()));
    if (!missing.isEmpty()) {
      missing.removeAll(LaneTable.among(connection, missing));
    }
    if (missing.isEmpty()) {
      return locked;
    }
    LaneTable.touch(connection, Set.of(), missing, Instant.EPOCH);
    List<Locked> all = new ArrayList<>(locked);
    all.addAll(LaneTable.lock(connection, missing));
    return all;
  }

  @Override
  public Map<Lane, Taken> taken(Connection connection, Collection<Lane> lanes) throws SQLException {
    return PermitTable.taken(connection, lanes);
  }

  @Override
  public List<Held> first(Connection connection, Map<Lane, Integer> lanes) throws SQLException {
    return HeldTable.first(connection, lanes);
  }

  @Override
  public Map<Lane, Integer> waiting(Connection connection, Map<Lane, Integer> lanes)
      throws SQLException {
    return HeldTable.count(connection, lanes);
  }

  @Override
  public void remove(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    HeldTable.delete(connection, ids);
  }

  @Override
  public void permit(Connection connection, Collection<Permit> permits) throws SQLException {
    PermitTable.insert(connection, permits);
  }

  @Override
  public void write(Connection connection, Collection<Locked> lanes, Instant now)
      throws SQLException {
    LaneTable.write(connection, lanes, now);
  }

  @Override
  public boolean release(
      Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going)
      throws SQLException {
    Set<Lane> free = leave(connection, ids, going);
    LaneTable.wake(connection, free);
    return !free.isEmpty();
  }

  @Override
  public Set<Lane> leave(
      Connection connection, Collection<ExecutionId> ids, Collection<ExecutionId> going)
      throws SQLException {
    List<Permit> all = PermitTable.of(connection, ids);
    Set<ExecutionId> kept = new HashSet<>(going);
    List<Permit> gone =
        all.stream().filter(p -> p.lane().kind() != Kind.FIFO || !kept.contains(p.id())).toList();
    if (gone.isEmpty()) {
      return Set.of();
    }
    Set<ExecutionId> holders = gone.stream().map(Permit::id).collect(Collectors.toSet());
    kept.retainAll(holders);
    PermitTable.delete(connection, holders, kept);
    return gone.stream().map(Permit::lane).collect(Collectors.toSet());
  }

  @Override
  public void forget(Connection connection, Collection<ExecutionId> ids) throws SQLException {
    List<ExecutionId> all = new ArrayList<>(new LinkedHashSet<>(ids));
    for (int from = 0; from < all.size(); from += CHUNK) {
      List<ExecutionId> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
      HeldTable.delete(connection, chunk);
      release(connection, chunk, List.of());
    }
  }

  @Override
  public void unhold(Connection connection, JobId job) throws SQLException {
    Map<ExecutionId, Integer> waiting = HeldTable.ofJob(connection, job);
    List<ExecutionId> fresh = new ArrayList<>();
    waiting.forEach(
        (id, attempt) -> {
          if (attempt == 1) {
            fresh.add(id);
          }
        });
    List<ExecutionId> all = List.copyOf(waiting.keySet());
    for (int from = 0; from < all.size(); from += CHUNK) {
      HeldTable.delete(connection, all.subList(from, Math.min(all.size(), from + CHUNK)));
    }
    forget(connection, fresh);
  }

  @Override
  public void wake(Connection connection, StoredQueue queue) throws SQLException {
    LaneTable.wake(connection, queue);
  }

  static void wake(Connection connection, List<Lane> lanes) throws SQLException {
    for (int from = 0; from < lanes.size(); from += CHUNK) {
      LaneTable.wake(connection, lanes.subList(from, Math.min(lanes.size(), from + CHUNK)));
    }
  }

  @Override
  public Map<JobId, String> hosts(Connection connection, Collection<JobId> jobs)
      throws SQLException {
    Map<JobId, String> hosts = new HashMap<>();
    Map<String, List<JobId>> byNamespace =
        jobs.stream().distinct().collect(Collectors.groupingBy(JobId::namespace));
    for (Map.Entry<String, List<JobId>> entry : byNamespace.entrySet()) {
      List<@Nullable Object> values = new ArrayList<>();
      values.add(entry.getKey());
      Sql.pad(values, entry.getValue().stream().map(JobId::value).toList());
      Sql.query(
          connection,
          """
          SELECT namespace, id, host FROM job FORCE INDEX (PRIMARY)
          WHERE namespace = ? AND id IN (%s) AND host IS NOT NULL
          """
              .formatted(Sql.paddedPlaces(entry.getValue().size())),
          row -> hosts.put(new JobId(row.getString(1), row.getString(2)), row.getString(3)),
          values);
    }
    return hosts;
  }

  @Override
  public void wakeAll(Connection connection, Instant now) throws SQLException {
    List<Lane> asleep = HeldTable.asleep(connection);
    for (int from = 0; from < asleep.size(); from += CHUNK) {
      List<Lane> chunk = asleep.subList(from, Math.min(asleep.size(), from + CHUNK));
      LaneTable.touch(connection, Set.copyOf(chunk), List.of(), now);
    }
  }

  @Override
  public List<Lane> unused(Connection connection, Instant since, int most) throws SQLException {
    return LaneTable.unused(connection, since, most);
  }

  @Override
  public void sweep(Connection connection, Collection<Lane> lanes, Instant since)
      throws SQLException {
    LaneTable.sweep(connection, lanes, since);
  }
}
