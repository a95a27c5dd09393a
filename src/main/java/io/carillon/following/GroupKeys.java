package io.carillon.following;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Conditions that name rows of groups by primary key, namespace by namespace. Stateless. */
final class GroupKeys {
  private GroupKeys() {}

  /**
   * @param table before the columns, with its dot; or empty
   * @param jobs not empty
   * @param values receives what the condition binds
   */
  static String ofJobs(String table, Collection<JobId> jobs, List<Object> values) {
    Map<String, List<String>> by = new TreeMap<>();
    jobs.forEach(
        job -> by.computeIfAbsent(job.namespace(), n -> new ArrayList<>()).add(job.value()));
    return keys(table, "job_id", by, values);
  }

  /** The same of groups. */
  static String ofNames(String table, Collection<GroupTable.Name> names, List<Object> values) {
    Map<String, List<String>> by = new TreeMap<>();
    names.forEach(
        name -> by.computeIfAbsent(name.namespace(), n -> new ArrayList<>()).add(name.name()));
    return keys(table, "name", by, values);
  }

  private static String keys(
      String table, String column, Map<String, List<String>> by, List<Object> values) {
    List<String> parts = new ArrayList<>();
    by.forEach(
        (namespace, items) -> {
          parts.add(
              "(%1$snamespace = ? AND %1$s%2$s IN (%3$s))"
                  .formatted(table, column, Sql.paddedPlaces(items.size())));
          values.add(namespace);
          Sql.pad(values, items);
        });
    return "(" + String.join(" OR ", parts) + ")";
  }
}
