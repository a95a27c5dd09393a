package io.carillon.history;

import io.carillon.db.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters of one list, joined by AND. Used by one thread. */
final class Conditions {
  private final StringBuilder joins = new StringBuilder();
  private final List<Object> joinValues = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<Object> values = new ArrayList<>();

  /** Adds a condition. */
  Conditions and(String condition, Object... bound) {
    text.append(text.isEmpty() ? "" : " AND ").append(condition);
    values.addAll(Arrays.asList(bound));
    return this;
  }

  /** Adds {@code column = value} unless the value is null. */
  Conditions andEquals(String column, @Nullable Object value) {
    return value == null ? this : and(column + " = ?", value);
  }

  /** Adds {@code column IN (…)} unless there are no values. */
  Conditions andIn(String column, Collection<?> any) {
    return any.isEmpty()
        ? this
        : and(column + " IN (" + Sql.places(any.size()) + ")", any.toArray());
  }

  /** Joins one row of {@code job_label} per label, each found by its primary key or its value. */
  Conditions withLabels(Map<String, String> labels, String namespaceColumn, String jobColumn) {
    int number = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      String alias = "label" + number++;
      joins.append(
          " JOIN job_label AS %s ON %s.namespace = %s AND %s.job_id = %s AND %s.name = ? AND %s.value = ?"
              .formatted(alias, alias, namespaceColumn, alias, jobColumn, alias, alias));
      joinValues.add(label.getKey());
      joinValues.add(label.getValue());
    }
    return this;
  }

  /** To be put behind the table. */
  String joins() {
    return joins.toString();
  }

  /** To be put behind {@code WHERE}. */
  String text() {
    return text.toString();
  }

  /** What both bind, in order, and then the rest. */
  List<Object> values(Object... rest) {
    List<Object> all = new ArrayList<>(joinValues);
    all.addAll(values);
    all.addAll(Arrays.asList(rest));
    return all;
  }
}
