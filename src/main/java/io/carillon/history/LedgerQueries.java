package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.Ledger;
import io.carillon.execution.LedgerRow;
import io.carillon.execution.Ledgers;
import io.carillon.execution.PlanPositions;
import io.carillon.execution.PlannedGeneration;
import io.carillon.execution.Reckoning;
import io.carillon.history.DueJobs.DueJob;
import io.carillon.job.Calendars;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Draws up ledgers: four to six statements in one snapshot, then arithmetic without a connection.
 * What was planned is replayed from the definitions that were in force. Exclusion calendars are
 * those of today, as nobody keeps how they were. Thread-safe.
 */
public final class LedgerQueries implements Ledgers {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final DataSource database;
  private final JobRow rows;
  private final JobCodec codec;
  private final Calendars calendars;
  private final PlanPositions positions;
  private final Span kept;

  /**
   * How far back history goes.
   *
   * @param retention how long it is kept
   */
  public record Span(Duration retention, InstantSource clock) {}

  public LedgerQueries(
      DataSource database,
      JobCodec codec,
      Calendars calendars,
      PlanPositions positions,
      Span kept) {
    this.database = database;
    this.rows = new JobRow(codec);
    this.codec = codec;
    this.calendars = calendars;
    this.positions = positions;
    this.kept = kept;
  }

  /** What a snapshot says. */
  private record Read(List<PlannedGeneration> generations, List<LedgerRow> rows) {}

  @Override
  public Ledger of(JobId id, Instant from, Instant to) {
    Instant now = kept.clock().instant();
    Instant end =
        ceiling(to.isAfter(LAST) ? LAST : to.isBefore(Instant.EPOCH) ? Instant.EPOCH : to);
    Instant known = now.minus(kept.retention());
    Instant begin = ceiling(from.isBefore(known) ? known : from);
    if (!begin.isBefore(end)) {
      begin = end;
    }
    Instant first = begin;
    Read read =
        Snapshot.read(
            database, "ledger of job " + id, connection -> read(connection, id, first, end, now));
    return Reckoning.of(first, end, read.generations(), read.rows());
  }

  private static Instant ceiling(Instant instant) {
    Instant millis = instant.truncatedTo(ChronoUnit.MILLIS);
    return millis.equals(instant) ? instant : millis.plusMillis(1);
  }

  private Read read(Connection connection, JobId id, Instant from, Instant to, Instant now)
      throws SQLException {
    DueJob job = job(connection, id);
    List<Generations.Stored> generations = generations(connection, job.job(), from);
    List<LedgerRow> executions = LedgerRows.executions(connection, id, from, to);
    Instant armed = isLive(job.job()) ? positions.of(connection, Set.of(id)).get(id) : null;
    Map<Calendars.Name, Exclusions> excluded = exclusions(connection, id, generations);
    return new Read(
        new Generations(job, armed, executions, now)
            .planned(
                generations,
                schedule ->
                    Exclusions.of(
                        names(id, schedule.limits().calendars()).stream()
                            .filter(excluded::containsKey)
                            .map(excluded::get)
                            .toList())),
        executions);
  }

  private static boolean isLive(StoredJob job) {
    return job.state() == JobState.ACTIVE || job.state() == JobState.PAUSED;
  }

  private DueJob job(Connection connection, JobId id) throws SQLException {
    DueJob job =
        Sql.queryOne(
                connection,
                """
                SELECT * FROM job
                WHERE namespace = ? AND id = ?
                """,
                row -> readable(row, id),
                id.namespace(),
                id.value())
            .orElseThrow(() -> new UnknownJob(id));
    return job;
  }

  private DueJob readable(ResultSet row, JobId id) throws SQLException {
    StoredJob job = rows.read(row);
    if (job == null) {
      throw new IllegalStateException("the definition of job " + id + " cannot be read");
    }
    return DueJob.of(job, row);
  }

  /** Those that may have planned anything at or after an instant. */
  private List<Generations.Stored> generations(Connection connection, StoredJob job, Instant from)
      throws SQLException {
    if (job.generation() == 1) {
      return List.of(new Generations.Stored(1, job.job().schedule(), job.createdAt(), null));
    }
    Instant day = from.truncatedTo(ChronoUnit.DAYS);
    Map<Integer, Version> firsts = new LinkedHashMap<>();
    Map<Integer, Version> lasts = new LinkedHashMap<>();
    for (Version version : LedgerRows.versions(connection, job.id())) {
      firsts.putIfAbsent(version.generation(), version);
      lasts.put(version.generation(), version);
    }
    firsts.keySet().removeIf(number -> isOver(lasts.get(number), day));
    Map<Long, Job> definitions =
        LedgerRows.definitions(
            connection, job.id(), firsts.values().stream().map(Version::number).toList(), codec);
    List<Generations.Stored> stored = new ArrayList<>();
    firsts.forEach(
        (number, first) -> {
          Job definition = definitions.get(first.number());
          if (definition != null) {
            stored.add(
                new Generations.Stored(
                    number, definition.schedule(), first.from(), lasts.get(number).end()));
          }
        });
    return stored;
  }

  private static boolean isOver(Version last, Instant day) {
    Version.End end = last.end();
    return end != null
        && end.at().isBefore(day)
        && end.in() != null
        && (end.last() == null || end.last().isBefore(day));
  }

  private Map<Calendars.Name, Exclusions> exclusions(
      Connection connection, JobId id, List<Generations.Stored> generations) throws SQLException {
    Set<Calendars.Name> names = new LinkedHashSet<>();
    generations.forEach(
        generation -> names.addAll(names(id, generation.schedule().limits().calendars())));
    return names.isEmpty() ? Map.of() : calendars.read(connection, names);
  }

  private static List<Calendars.Name> names(JobId id, Collection<String> calendars) {
    return calendars.stream().map(name -> new Calendars.Name(id.namespace(), name)).toList();
  }
}
