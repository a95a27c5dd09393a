package io.carillon.events;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import io.carillon.job.Priority;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What jobs are called and labelled, for events that do not know. Stateless. */
final class JobNames {
  private static final int CHUNK = 500;

  private JobNames() {}

  /** Two statements for 500 jobs of a namespace, by primary keys; takes no lock. */
  static Map<JobId, Map<String, @Nullable Object>> of(Connection connection, Collection<JobId> jobs)
      throws SQLException {
    Map<JobId, Map<String, @Nullable Object>> found = new HashMap<>();
    for (Map.Entry<String, List<String>> one :
        jobs.stream()
            .distinct()
            .collect(
                Collectors.groupingBy(
                    JobId::namespace, Collectors.mapping(JobId::value, Collectors.toList())))
            .entrySet()) {
      List<String> ids = one.getValue();
      for (int from = 0; from < ids.size(); from += CHUNK) {
        read(
            connection, one.getKey(), ids.subList(from, Math.min(ids.size(), from + CHUNK)), found);
      }
    }
    return found;
  }

  private static void read(
      Connection connection,
      String namespace,
      List<String> ids,
      Map<JobId, Map<String, @Nullable Object>> found)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(namespace);
    Sql.pad(values, ids);
    String places = Sql.paddedPlaces(ids.size());
    Map<String, Map<String, String>> labels = new HashMap<>();
    Sql.<Boolean>query(
        connection,
        """
        SELECT job_id, name, value FROM job_label FORCE INDEX (PRIMARY)
        WHERE namespace = ? AND job_id IN (%s)
        """
            .formatted(places),
        row -> {
          labels
              .computeIfAbsent(row.getString(1), id -> new TreeMap<>())
              .put(row.getString(2), row.getString(3));
          return true;
        },
        values);
    Sql.<Boolean>query(
        connection,
        """
        SELECT id, name, queue, priority FROM job FORCE INDEX (PRIMARY)
        WHERE namespace = ? AND id IN (%s)
        """
            .formatted(places),
        row -> {
          String id = row.getString(1);
          found.put(
              new JobId(namespace, id),
              EventShapes.job(
                  id,
                  row.getString(2),
                  row.getString(3),
                  Priority.ofNumber(row.getInt(4)).name().toLowerCase(Locale.ROOT),
                  labels.getOrDefault(id, Map.of())));
          return true;
        },
        values);
  }
}
