package io.carillon.secret;

import io.carillon.db.Sql;
import io.carillon.execution.Secrets.NotRevealed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a server has the keys that the database needs. Every key that a server was started with
 * leaves a sample: a row of the empty namespace, named as the key, which no call can reach. So a
 * key that is missing is found although only headers of jobs are encrypted with it, and so is
 * another key under the same id. A few statements, once. Thread-safe.
 */
public final class KeyCheck {
  private static final String USED =
      """
      SELECT key_id FROM secret WHERE namespace <> ''
      UNION SELECT previous_key_id FROM secret
        WHERE namespace <> '' AND previous_key_id IS NOT NULL
      """;

  private static final String SAMPLES = "SELECT * FROM secret WHERE namespace = ''";

  /** Over all definitions; only for a key that was in use and is not configured any more. */
  private static final String IN_HEADERS = "SELECT 1 FROM job WHERE spec LIKE ? LIMIT 1";

  private static final String FORGET = "DELETE FROM secret WHERE namespace = '' AND name = ?";

  private static final String NOTE =
      """
      INSERT IGNORE INTO secret (namespace, name, kind, version, key_id, nonce, ciphertext,
        created_at, rotated_at)
      VALUES ('', ?, 'TEXT', 1, ?, ?, ?, ?, ?)
      """;

  private static final String CURE =
      ": set carillon.secrets.key or carillon.secrets.key.file (if the key is lost, see \"Loss of"
          + " the key\" in the operations runbook)";

  private final Keyring keys;
  private final StoredSecrets stored;

  public KeyCheck(Keyring keys, StoredSecrets stored) {
    this.keys = keys;
    this.stored = stored;
  }

  /**
   * What keeps this server from reading what is there, in one line for the operator; empty if
   * nothing does.
   */
  public Optional<String> fault() {
    return stored.inDatabase(this::fault);
  }

  private Optional<String> fault(Connection connection) throws SQLException {
    Set<String> missing = new TreeSet<>(Sql.query(connection, USED, row -> row.getString(1)));
    missing.removeAll(keys.ids());
    for (SecretRow sample : Sql.query(connection, SAMPLES, SecretRow::read)) {
      String id = sample.secret().name();
      if (!keys.ids().contains(id)) {
        if (isInHeaders(connection, id)) {
          missing.add(id);
        } else if (!missing.contains(id) && !keys.isEmpty()) {
          Sql.update(connection, FORGET, id);
        }
      } else if (!opens(sample)) {
        return Optional.of(
            "the key "
                + id
                + " is not the one of this id that encrypted what the database holds"
                + CURE);
      }
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(words(missing));
  }

  private String words(Set<String> missing) {
    return "the database holds secrets that are encrypted with "
        + (missing.size() == 1 ? "key " : "keys ")
        + String.join(", ", missing)
        + ", and this server has "
        + (keys.isEmpty() ? "none" : String.join(", ", keys.ids()))
        + CURE;
  }

  private static boolean isInHeaders(Connection connection, String id) throws SQLException {
    String sealed = "%\"secretHeaders\":{%\"c1." + id.replace("_", "\\_") + ".%";
    return Sql.queryOne(connection, IN_HEADERS, row -> true, sealed).isPresent();
  }

  private boolean opens(SecretRow sample) {
    try {
      return keys.open(sample.current(), sample.place(), "the sample")
          .equals(sample.secret().name());
    } catch (NotRevealed another) {
      return false;
    }
  }

  /** Leaves samples of this server's keys for the next start to check. */
  public void note(Instant now) {
    stored.inDatabase(
        connection -> {
          for (String id : keys.ids()) {
            Sealed sample = keys.sealWith(id, id, Place.of("", id));
            Sql.update(connection, NOTE, id, id, sample.nonce(), sample.ciphertext(), now, now);
          }
          return true;
        });
  }
}
