package io.carillon.following;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.db.Sql;
import io.carillon.job.JobId;
import io.carillon.job.Link;
import io.carillon.spec.StrictJson;
import io.carillon.spec.Values;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs of a group are still open. Works on the caller's transaction; whoever counts holds the
 * row of the group, so that a group is done once. Stateless.
 */
final class GroupTable {
  private static final int MOST = 500;

  /** A group's name in its namespace; in the order in which rows are locked. */
  record Name(String namespace, String name) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace == 0 ? name.compareTo(other.name) : byNamespace;
    }
  }

  /** A group of which no job is open any more, with what is to start. */
  record Done(Name group, String round, ObjectNode counts, List<Link> links) {}

  /** A job of a group that is over, and how: a column of the group's row. */
  private record Over(JobId job, Name group, String column) {}

  /** Puts open jobs into groups, new ones or not. Three statements. */
  void join(
      Connection connection, Map<JobId, Name> members, Map<Name, List<Link>> links, Instant now)
      throws SQLException {
    List<List<@Nullable Object>> groups = new ArrayList<>();
    for (Name name : new TreeMap<>(links).keySet()) {
      groups.add(Arrays.asList(name.namespace(), name.name(), UUID.randomUUID().toString(), now));
    }
    Sql.insert(
        connection,
        """
        INSERT INTO job_group (namespace, name, round, created_at)
        VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE name = VALUES(name)
        """,
        groups);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    members.forEach(
        (job, name) -> rows.add(Arrays.asList(job.namespace(), job.value(), name.name())));
    Sql.insert(
        connection,
        """
        INSERT INTO group_member (namespace, job_id, name)
        VALUES (?, ?, ?)
        ON DUPLICATE KEY UPDATE name = VALUES(name)
        """,
        rows);
    List<List<@Nullable Object>> all = new ArrayList<>();
    links.forEach(
        (name, ofGroup) ->
            ofGroup.forEach(link -> all.add(row(name, StrictJson.text(node(link))))));
    Sql.insert(
        connection,
        """
        INSERT INTO group_link (namespace, name, hash, link)
        VALUES (?, ?, SHA2(?, 256), ?)
        ON DUPLICATE KEY UPDATE hash = VALUES(hash)
        """,
        all);
  }

  private static List<@Nullable Object> row(Name name, String link) {
    return Arrays.asList(name.namespace(), name.name(), link, link);
  }

  private static ObjectNode node(Link link) {
    ObjectNode node = StrictJson.object().put("job", link.job()).put("task", link.task());
    node.set("parameters", Values.node(link.parameters()));
    return node;
  }

  /** Counts those of these jobs that are over; answers the groups that are done by that. */
  List<Done> leave(Connection connection, Collection<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return List.of();
    }
    List<Object> values = new ArrayList<>();
    String keys = GroupKeys.ofJobs("opened.", jobs, values);
    return settle(connection, over(connection, keys, values), List.of());
  }

  /** Whether {@link #sweep} would find anything. */
  boolean isAnyOver(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection,
            """
            SELECT EXISTS (
                SELECT 1 FROM group_member AS opened
                  LEFT JOIN job ON job.namespace = opened.namespace AND job.id = opened.job_id
                WHERE job.id IS NULL OR job.state IN ('COMPLETED', 'CANCELLED'))
              OR EXISTS (
                SELECT 1 FROM job_group
                WHERE NOT EXISTS (
                  SELECT 1 FROM group_member
                  WHERE group_member.namespace = job_group.namespace
                    AND group_member.name = job_group.name))
            """,
            row -> row.getBoolean(1))
        .orElse(false);
  }

  /** Open jobs of groups that are over though nobody has counted them. */
  Set<JobId> over(Connection connection) throws SQLException {
    return over(connection, "TRUE", List.of()).stream()
        .map(Over::job)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** As {@link #leave}; also groups that all jobs have left. */
  List<Done> sweep(Connection connection, Collection<JobId> jobs) throws SQLException {
    List<Name> left =
        Sql.query(
            connection,
            """
            SELECT namespace, name FROM job_group
            WHERE NOT EXISTS (
              SELECT 1 FROM group_member
              WHERE group_member.namespace = job_group.namespace
                AND group_member.name = job_group.name)
            LIMIT %d
            """
                .formatted(MOST),
            GroupTable::name);
    List<Object> values = new ArrayList<>();
    List<Over> over =
        jobs.isEmpty()
            ? List.of()
            : over(connection, GroupKeys.ofJobs("opened.", jobs, values), values);
    return settle(connection, over, left);
  }

  /** By primary keys, and the end of {@code execution_by_job}. */
  private static List<Over> over(Connection connection, String which, List<Object> values)
      throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT opened.namespace, opened.job_id, opened.name, job.state,
          (SELECT execution.state
           FROM execution
           WHERE execution.namespace = opened.namespace AND execution.job_id = opened.job_id
           ORDER BY execution.id DESC
           LIMIT 1) AS outcome
        FROM group_member AS opened
          LEFT JOIN job ON job.namespace = opened.namespace AND job.id = opened.job_id
        WHERE %s AND (job.id IS NULL OR job.state IN ('COMPLETED', 'CANCELLED'))
        LIMIT %d
        """
            .formatted(which, MOST),
        row ->
            new Over(
                new JobId(row.getString("namespace"), row.getString("job_id")),
                name(row),
                column(row.getString("state"), row.getString("outcome"))),
        values);
  }

  private static String column(@Nullable String state, @Nullable String last) {
    if ("SUCCEEDED".equals(last)) {
      return "succeeded";
    }
    if ("FAILED".equals(last)) {
      return "failed";
    }
    return "SKIPPED".equals(last) && "COMPLETED".equals(state) ? "skipped" : "cancelled";
  }

  private static List<Done> settle(Connection connection, List<Over> over, List<Name> left)
      throws SQLException {
    Map<Name, Map<String, Integer>> counts = new TreeMap<>();
    left.forEach(name -> counts.put(name, new LinkedHashMap<>()));
    for (Over one : over) {
      counts
          .computeIfAbsent(one.group(), same -> new LinkedHashMap<>())
          .merge(one.column(), 1, Integer::sum);
    }
    if (counts.isEmpty()) {
      return List.of();
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    counts.forEach(
        (name, by) ->
            rows.add(
                Arrays.asList(
                    name.namespace(),
                    name.name(),
                    by.getOrDefault("succeeded", 0),
                    by.getOrDefault("failed", 0),
                    by.getOrDefault("cancelled", 0),
                    by.getOrDefault("skipped", 0))));
    // Locks the rows; one that is missing is made again, so that nothing that is open is forgotten.
    Sql.insert(
        connection,
        """
        INSERT INTO job_group (namespace, name, succeeded, failed, cancelled, skipped, round,
          created_at)
        VALUES (?, ?, ?, ?, ?, ?, UUID(), 0)
        ON DUPLICATE KEY UPDATE succeeded = succeeded + VALUES(succeeded),
          failed = failed + VALUES(failed), cancelled = cancelled + VALUES(cancelled),
          skipped = skipped + VALUES(skipped)
        """,
        rows);
    if (!over.isEmpty()) {
      List<Object> values = new ArrayList<>();
      String keys = GroupKeys.ofJobs("", over.stream().map(Over::job).toList(), values);
      Sql.update(connection, "DELETE FROM group_member WHERE " + keys, values);
    }
    return done(connection, counts.keySet());
  }

  private static List<Done> done(Connection connection, Collection<Name> names)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    String keys = GroupKeys.ofNames("job_group.", names, values);
    Map<Name, Done> done = new LinkedHashMap<>();
    Sql.query(
        connection,
        """
        SELECT namespace, name, round, succeeded, failed, cancelled, skipped
        FROM job_group
        WHERE %s AND NOT EXISTS (
          SELECT 1 FROM group_member
          WHERE group_member.namespace = job_group.namespace
            AND group_member.name = job_group.name)
        FOR UPDATE
        """
            .formatted(keys),
        row ->
            done.put(
                name(row),
                new Done(name(row), row.getString("round"), counts(row), new ArrayList<>())),
        values);
    if (done.isEmpty()) {
      return List.of();
    }
    List<Object> gone = new ArrayList<>();
    String ofDone = GroupKeys.ofNames("", done.keySet(), gone);
    Sql.query(
        connection,
        "SELECT namespace, name, link FROM group_link WHERE %s ORDER BY namespace, name, hash"
            .formatted(ofDone),
        row -> {
          JsonNode link = StrictJson.tree(row.getString("link"));
          Object plain = Values.of(link);
          Done of = done.get(name(row));
          return plain != null && of != null && of.links().addAll(Link.of(List.of(plain)));
        },
        gone);
    Sql.update(connection, "DELETE FROM group_link WHERE " + ofDone, gone);
    Sql.update(connection, "DELETE FROM job_group WHERE " + ofDone, gone);
    return List.copyOf(done.values());
  }

  private static ObjectNode counts(ResultSet row) throws SQLException {
    ObjectNode counts = StrictJson.object().put("name", row.getString("name"));
    int total = 0;
    for (String column : List.of("succeeded", "failed", "cancelled", "skipped")) {
      counts.put(column, row.getInt(column));
      total += row.getInt(column);
    }
    return counts.put("total", total);
  }

  private static Name name(ResultSet row) throws SQLException {
    return new Name(row.getString("namespace"), row.getString("name"));
  }
}
