package io.carillon.quartz.store;

import io.carillon.db.Sql;
import io.carillon.job.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A condition that names rows of Quartz's tables by name and group, in the form that both servers
 * answer by ranges of an index (row constructors in {@code IN} scan the table). Lists are padded by
 * naming the last row again ({@link Sql#paddedPlaces}), so that few texts of statements exist and
 * the driver's cache of them holds.
 *
 * @param condition to be put behind {@code WHERE}; begins with SCHED_NAME
 * @param values what it binds, in order
 */
record RowKeys(String condition, List<@Nullable Object> values) {

  /** By TRIGGER_NAME and TRIGGER_GROUP; {@code names} is not empty. */
  static RowKeys ofTriggers(String scheduler, Collection<TriggerName> names) {
    return of("TRIGGER", scheduler, names, TriggerName::group, TriggerName::name);
  }

  /** By JOB_NAME and JOB_GROUP; {@code jobs} is not empty. */
  static RowKeys ofJobs(String scheduler, Collection<JobId> jobs) {
    return of("JOB", scheduler, jobs, JobId::namespace, JobId::value);
  }

  private static <T> RowKeys of(
      String kind,
      String scheduler,
      Collection<T> rows,
      Function<T, String> group,
      Function<T, String> name) {
    Map<String, List<String>> byGroup = new LinkedHashMap<>();
    for (T row : rows) {
      byGroup.computeIfAbsent(group.apply(row), g -> new ArrayList<>()).add(name.apply(row));
    }
    List<String> parts = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(scheduler);
    byGroup.forEach(
        (inGroup, names) -> {
          parts.add(
              "(%s_GROUP = ? AND %s_NAME IN (%s))"
                  .formatted(kind, kind, Sql.paddedPlaces(names.size())));
          values.add(inGroup);
          Sql.pad(values, names);
        });
    return new RowKeys("SCHED_NAME = ? AND (" + String.join(" OR ", parts) + ")", values);
  }

  /** These values behind others. */
  List<@Nullable Object> after(@Nullable Object... others) {
    List<@Nullable Object> all = new ArrayList<>(List.of(others));
    all.addAll(values);
    return all;
  }
}
