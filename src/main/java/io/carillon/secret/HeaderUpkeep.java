package io.carillon.secret;

import io.carillon.db.Sql;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts anew what older keys encrypted in stored definitions: their secret headers. Goes through
 * the tables {@code job} and {@code job_version} by primary key, some thousand rows a turn, and
 * round again an hour after a pass; does nothing while there is one key. A row that another version
 * takes the place of meanwhile is left to the next pass. One thread at a time; any number of nodes.
 */
public final class HeaderUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(HeaderUpkeep.class);
  private static final List<String> TABLES = List.of("job", "job_version");
  private static final int PORTION = 500;
  private static final int PORTIONS = 10;
  private static final long REST = Duration.ofHours(1).toNanos();

  /** Inside a JSON string the quotes would be escaped. */
  private static final Pattern HEADERS = Pattern.compile("\"secretHeaders\":\\{[^{}]*}");

  private static final Pattern HEADER =
      Pattern.compile("\"([^\"\\\\]+)\":\"(" + Sealed.FORM + ")\"");

  private final Keyring keys;
  private final StoredSecrets stored;
  private final LongSupplier nanos;

  // Where the pass stands; of the one thread that runs it.
  private int table;
  private String namespace = "";
  private Row last = Row.NONE;
  private long renewed;
  private long restsUntil;

  /** The key of a row, and whether it holds secret headers. */
  private record Row(String id, long version, boolean holds) {
    static final Row NONE = new Row("", 0, false);
  }

  public HeaderUpkeep(Keyring keys, StoredSecrets stored) {
    this(keys, stored, System::nanoTime);
  }

  HeaderUpkeep(Keyring keys, StoredSecrets stored, LongSupplier nanos) {
    this.keys = keys;
    this.stored = stored;
    this.nanos = nanos;
    this.restsUntil = nanos.getAsLong();
  }

  /** Whether there is anything to be done at all. */
  public boolean isNeeded() {
    return keys.holdsOlderKeys();
  }

  /** One turn. */
  public void runOnce() {
    for (int i = 0; i < PORTIONS && isNeeded() && nanos.getAsLong() - restsUntil >= 0; i++) {
      stored.inDatabase(this::portion);
    }
  }

  private boolean portion(Connection connection) throws SQLException {
    List<Row> rows = rows(connection);
    for (Row row : rows) {
      if (row.holds) {
        renew(connection, row);
      }
    }
    if (!rows.isEmpty()) {
      last = rows.get(rows.size() - 1);
      return true;
    }
    last = Row.NONE;
    namespace = nextNamespace(connection);
    if (namespace.isEmpty()) {
      endTable();
    }
    return true;
  }

  private void endTable() {
    table = (table + 1) % TABLES.size();
    if (table > 0) {
      return;
    }
    restsUntil = nanos.getAsLong() + REST;
    if (renewed == 0) {
      LOG.info(
          "no secret header is encrypted with another key than {}; once all nodes have it as their"
              + " first, the others can be taken out of the configuration",
          keys.current());
    } else {
      LOG.info("{} secret headers were encrypted anew with key {}", renewed, keys.current());
    }
    renewed = 0;
  }

  private String nextNamespace(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection,
            "SELECT COALESCE(MIN(namespace), '') FROM %s WHERE namespace > ?"
                .formatted(TABLES.get(table)),
            row -> row.getString(1),
            namespace)
        .orElse("");
  }

  /** By the primary key, from behind the last one. */
  private List<Row> rows(Connection connection) throws SQLException {
    return Sql.query(
        connection,
        """
        SELECT id, version, spec LIKE '%%"secretHeaders":{%%' AS holds
          FROM %s FORCE INDEX (PRIMARY)
         WHERE namespace = ? AND id >= ? AND (id > ? OR version > ?)
         ORDER BY id, version LIMIT ?
        """
            .formatted(TABLES.get(table)),
        row -> new Row(row.getString("id"), row.getLong("version"), row.getBoolean("holds")),
        namespace,
        last.id,
        last.id,
        last.version,
        PORTION);
  }

  private void renew(Connection connection, Row row) throws SQLException {
    JobId job = new JobId(namespace, row.id);
    String spec =
        Sql.queryOne(
                connection,
                "SELECT spec FROM %s WHERE namespace = ? AND id = ? AND version = ?"
                    .formatted(TABLES.get(table)),
                found -> found.getString(1),
                namespace,
                row.id,
                row.version)
            .orElse("");
    String anew = renewed(job, spec);
    if (!anew.equals(spec)) {
      renewed +=
          Sql.update(
              connection,
              "UPDATE %s SET spec = ? WHERE namespace = ? AND id = ? AND version = ?"
                  .formatted(TABLES.get(table)),
              anew,
              namespace,
              row.id,
              row.version);
    }
  }

  /** A definition whose secret headers the first key has encrypted. */
  String renewed(JobId job, String spec) {
    return HEADERS
        .matcher(spec)
        .replaceAll(
            headers ->
                Matcher.quoteReplacement(
                    HEADER.matcher(headers.group()).replaceAll(header -> header(job, header))));
  }

  private String header(JobId job, MatchResult header) {
    String name = header.group(1);
    Sealed sealed = Sealed.parse(header.group(2)).orElse(null);
    if (sealed == null
        || sealed.keyId().equals(keys.current())
        || !keys.ids().contains(sealed.keyId())) {
      return Matcher.quoteReplacement(header.group());
    }
    try {
      Place place = Place.of(job, name);
      String clear = keys.open(sealed, place, "a header");
      return Matcher.quoteReplacement(
          "\"" + name + "\":\"" + keys.seal(clear, place).text() + "\"");
    } catch (NotRevealed notOurs) {
      LOG.debug("left as it is in job {}: {}", job, notOurs.getMessage());
      return Matcher.quoteReplacement(header.group());
    }
  }
}
