package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A condition that names rows by primary key, in the form both servers answer by key ranges (row
 * constructors in {@code IN} are not optimised alike).
 *
 * @param condition in brackets, to be put behind {@code WHERE}
 * @param values what it binds, in order
 */
record Keys(String condition, List<Object> values) {

  /** Jobs; {@code idColumn} is {@code id} or {@code job_id}. */
  static Keys ofJobs(String idColumn, Collection<JobId> ids) {
    Map<String, List<String>> byNamespace = new LinkedHashMap<>();
    for (JobId id : ids) {
      byNamespace.computeIfAbsent(id.namespace(), n -> new ArrayList<>()).add(id.value());
    }
    List<String> parts = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    byNamespace.forEach(
        (namespace, inNamespace) -> {
          parts.add(
              "(namespace = ? AND "
                  + idColumn
                  + " IN ("
                  + Sql.paddedPlaces(inNamespace.size())
                  + "))");
          values.add(namespace);
          Sql.pad(values, inNamespace);
        });
    return new Keys("(" + String.join(" OR ", parts) + ")", values);
  }

  /**
   * Executions. The instants in the ids bound the partitions that are read.
   *
   * @param table before the columns, with its dot; or empty
   * @param ids not empty
   */
  static Keys ofExecutions(String table, Collection<ExecutionId> ids) {
    List<String> texts = new ArrayList<>(ids.size());
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (ExecutionId id : ids) {
      texts.add(id.value());
      first = Math.min(first, id.scheduledAt().toEpochMilli());
      last = Math.max(last, id.scheduledAt().toEpochMilli());
    }
    List<Object> values = new ArrayList<>();
    Sql.pad(values, texts);
    values.add(first);
    values.add(last);
    return new Keys(
        "(%sid IN (%s) AND %sscheduled_at BETWEEN ? AND ?)"
            .formatted(table, Sql.paddedPlaces(ids.size()), table),
        values);
  }

  /** These values behind others. */
  List<Object> after(Object... others) {
    List<Object> all = new ArrayList<>(List.of(others));
    all.addAll(values);
    return all;
  }
}
