package io.carillon.history;

import io.carillon.db.Sql;
import io.carillon.execution.JobKeys;
import io.carillon.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Table {@code job_key}, in the store's transactions. Stateless; thread-safe. */
public final class JobKeyRows implements JobKeys {
  /** Where a key lies. */
  private record Place(String namespace, String kind, String hash) {
    static Place of(Key key) {
      return new Place(key.namespace(), key.kind().name(), sha256(key.text()));
    }
  }

  /** By primary key. The order keeps transactions that are retried from locking crosswise. */
  @Override
  public Map<Key, Holder> holders(Connection connection, Collection<Key> keys) throws SQLException {
    Map<Place, Key> places = new LinkedHashMap<>();
    keys.forEach(key -> places.put(Place.of(key), key));
    Map<Key, Holder> holders = new HashMap<>();
    for (List<Place> chunk : Chunks.of(places.keySet())) {
      List<Object> values = new ArrayList<>();
      String condition = condition(chunk, values);
      Sql.query(
          connection,
          """
          SELECT namespace, kind, key_hash, job_id, expires_at, taken_by
          FROM job_key FORCE INDEX (PRIMARY)
          WHERE %s
          ORDER BY namespace, kind, key_hash
          FOR UPDATE
          """
              .formatted(condition),
          row -> {
            String namespace = row.getString("namespace");
            Key key =
                places.get(new Place(namespace, row.getString("kind"), row.getString("key_hash")));
            JobId job = new JobId(namespace, row.getString("job_id"));
            JobId by = new JobId(namespace, row.getString("taken_by"));
            return holders.put(key, new Holder(job, Sql.instant(row, "expires_at"), by));
          },
          values);
    }
    return holders;
  }

  private static String condition(List<Place> places, List<Object> values) {
    Map<Place, List<String>> byKind = new LinkedHashMap<>();
    for (Place place : places) {
      byKind
          .computeIfAbsent(
              new Place(place.namespace(), place.kind(), ""), same -> new ArrayList<>())
          .add(place.hash());
    }
    List<String> parts = new ArrayList<>();
    byKind.forEach(
        (kind, hashes) -> {
          parts.add(
              "(namespace = ? AND kind = ? AND key_hash IN (%s))"
                  .formatted(Sql.paddedPlaces(hashes.size())));
          values.add(kind.namespace());
          values.add(kind.kind());
          Sql.pad(values, hashes);
        });
    return String.join(" OR ", parts);
  }

  @Override
  public void take(Connection connection, Map<Key, Holder> taken) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    taken.forEach(
        (key, holder) ->
            rows.add(
                Arrays.asList(
                    key.namespace(),
                    key.kind(),
                    sha256(key.text()),
                    key.text(),
                    holder.job().value(),
                    holder.until(),
                    holder.by().value())));
    Sql.insert(
        connection,
        """
        INSERT INTO job_key (namespace, kind, key_hash, key_text, job_id, expires_at, taken_by)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE job_id = VALUES(job_id), expires_at = VALUES(expires_at),
          taken_by = VALUES(taken_by)
        """,
        rows);
  }

  /** By {@code job_key_by_job}. */
  @Override
  public void letGo(Connection connection, Collection<JobId> jobs) throws SQLException {
    for (List<JobId> chunk : Chunks.of(new LinkedHashSet<>(jobs))) {
      Keys keys = Keys.ofJobs("job_id", chunk);
      Sql.update(connection, "DELETE FROM job_key WHERE " + keys.condition(), keys.values());
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
