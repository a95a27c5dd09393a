package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.DefinitionRows.NewJob;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inserts {@code job} rows with their labels and the calendars they name: three statements for any
 * number of jobs, or more where their definitions are too long for one; of what none of them has,
 * nothing is sent. Stateless.
 */
final class NewJobRows {
  private static final String JOB =
      """
      INSERT INTO job (namespace, id, name, queue, priority, host, origin, scheduler, state,
        generation, version, spec, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String LABEL =
      """
      INSERT INTO job_label (namespace, job_id, name, value)
      VALUES (?, ?, ?, ?)
      """;

  private static final String CALENDAR =
      """
      INSERT INTO job_calendar (namespace, job_id, name)
      VALUES (?, ?, ?)
      """;

  private NewJobRows() {}

  static void insert(Connection connection, Collection<NewJob> jobs) throws SQLException {
    List<Object[]> labels = new ArrayList<>();
    List<Object[]> calendars = new ArrayList<>();
    for (List<NewJob> chunk : Chunks.of(jobs, job -> job.definition().length())) {
      List<List<@Nullable Object>> rows = new ArrayList<>(chunk.size());
      for (NewJob job : chunk) {
        rows.add(row(job));
        labels.addAll(JobRow.labels(job.job()));
        calendars.addAll(JobRow.calendars(job.job()));
      }
      Sql.insert(connection, JOB, rows);
    }
    insertLabels(connection, labels);
    insertCalendars(connection, calendars);
  }

  private static List<@Nullable Object> row(NewJob fresh) {
    Job job = fresh.job();
    return Arrays.asList(
        job.id().namespace(),
        job.id().value(),
        job.name(),
        job.queue(),
        job.priority().number(),
        JobRow.host(job),
        job.origin().call(),
        JobRow.scheduler(job),
        JobState.ACTIVE,
        1,
        1,
        fresh.definition(),
        fresh.createdAt(),
        fresh.createdAt());
  }

  static void insertLabels(Connection connection, List<Object[]> labels) throws SQLException {
    Sql.insert(connection, LABEL, labels.stream().map(Arrays::asList).toList());
  }

  static void insertCalendars(Connection connection, List<Object[]> calendars) throws SQLException {
    Sql.insert(connection, CALENDAR, calendars.stream().map(Arrays::asList).toList());
  }

  /** By primary key. */
  static Set<JobId> taken(Connection connection, Collection<JobId> ids) throws SQLException {
    Set<JobId> taken = new HashSet<>();
    for (List<JobId> chunk : Chunks.of(ids)) {
      Keys keys = Keys.ofJobs("id", chunk);
      taken.addAll(
          Sql.query(
              connection,
              """
              SELECT namespace, id FROM job FORCE INDEX (PRIMARY)
              WHERE %s
              """
                  .formatted(keys.condition()),
              row -> new JobId(row.getString("namespace"), row.getString("id")),
              keys.values()));
    }
    return taken;
  }
}
