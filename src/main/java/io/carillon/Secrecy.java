package io.carillon;

import io.carillon.config.SecretsConfig;
import io.carillon.db.DatabaseUnusableException;
import io.carillon.secret.HeaderUpkeep;
import io.carillon.secret.KeyCheck;
import io.carillon.secret.Keyring;
import io.carillon.secret.StoredSecrets;
import io.carillon.secret.Upkeep;
import io.carillon.secret.Vault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Puts together what keeps and reveals secrets. Without a key, all of it refuses. */
final class Secrecy {
  private static final Duration TURN = Duration.ofSeconds(5);

  private final Vault vault;
  private final KeyCheck check;
  private final Upkeep upkeep;
  private final HeaderUpkeep headers;
  private final InstantSource clock;

  /**
   * @param database may throw while there is none yet
   */
  Secrecy(SecretsConfig config, Supplier<DataSource> database, InstantSource clock) {
    Keyring keys = new Keyring(config);
    StoredSecrets stored = new StoredSecrets(database, keys, clock);
    this.vault = new Vault(keys, stored, clock);
    this.check = new KeyCheck(keys, stored);
    this.clock = clock;
    this.upkeep = new Upkeep(keys, stored, clock);
    this.headers = new HeaderUpkeep(keys, stored);
  }

  Vault vault() {
    return vault;
  }

  /**
   * Once the database is there: from now on what older keys encrypted is encrypted anew.
   *
   * @throws DatabaseUnusableException if there are secrets that this server could not read
   */
  void start(Duties duties) {
    check
        .fault()
        .ifPresent(
            fault -> {
              throw new DatabaseUnusableException(fault);
            });
    if (vault.available()) {
      check.note(clock.instant());
      duties.every(Duration.ofHours(1), "encrypting secrets anew", upkeep::runOnce);
    }
    if (headers.isNeeded()) {
      duties.every(TURN, "encrypting secret headers anew", headers::runOnce);
    }
  }
}
