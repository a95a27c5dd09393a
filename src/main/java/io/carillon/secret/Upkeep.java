package io.carillon.secret;

import io.carillon.db.Sql;
import io.carillon.execution.Secrets.NotRevealed;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table {@code secret} in order: what an older key encrypted is encrypted anew with the
 * first one, and values whose grace is over go. Each step is bounded and may run on several nodes
 * at once. Thread-safe.
 */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final int MOST = 500;

  private final Keyring keys;
  private final StoredSecrets stored;
  private final InstantSource clock;

  public Upkeep(Keyring keys, StoredSecrets stored, InstantSource clock) {
    this.keys = keys;
    this.stored = stored;
    this.clock = clock;
  }

  /**
   * One step.
   *
   * @return how many rows were encrypted anew
   */
  public int runOnce() {
    if (keys.isEmpty()) {
      return 0;
    }
    forgetPrevious();
    int renewed = 0;
    for (SecretRow row : older()) {
      renewed += renew(row) ? 1 : 0;
    }
    if (renewed > 0) {
      LOG.info("{} secrets were encrypted anew with key {}", renewed, keys.current());
    }
    return renewed;
  }

  private void forgetPrevious() {
    stored.inDatabase(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE secret SET previous_key_id = NULL, previous_nonce = NULL,
                  previous_ciphertext = NULL, previous_until = NULL
                WHERE previous_until <= ?
                """,
                clock.instant()));
  }

  /** Rows with something that one of our older keys encrypted, by the index of each. */
  private List<SecretRow> older() {
    List<String> ids = keys.ids().subList(1, keys.ids().size());
    if (ids.isEmpty()) {
      return List.of();
    }
    List<Object> values = new ArrayList<>(ids);
    values.addAll(ids);
    values.add(MOST);
    return stored.inDatabase(
        connection ->
            Sql.query(
                connection,
                """
                SELECT * FROM secret
                WHERE namespace <> '' AND (key_id IN (%1$s) OR previous_key_id IN (%1$s)) LIMIT ?
                """
                    .formatted(Sql.places(ids.size())),
                SecretRow::read,
                values));
  }

  private boolean renew(SecretRow row) {
    try {
      Sealed previous = row.previous();
      return stored.replace(
          new SecretRow(
              row.secret(),
              renewed(row.current(), row),
              previous == null ? null : renewed(previous, row)));
    } catch (NotRevealed e) {
      LOG.warn("a secret could not be encrypted anew: {}", e.getMessage());
      return false;
    }
  }

  private Sealed renewed(Sealed sealed, SecretRow row) throws NotRevealed {
    if (sealed.keyId().equals(keys.current())) {
      return sealed;
    }
    String what = "the secret '" + row.secret().name() + "'";
    return keys.seal(keys.open(sealed, row.place(), what), row.place());
  }
}
