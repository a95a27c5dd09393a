package io.carillon.secret;

import io.carillon.db.Reconnecting;
import io.carillon.db.Sql;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.Jobs.Page;
import io.carillon.job.NameCursor;
import io.carillon.job.StoredSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Secrets in the table {@code secret}, so that every node has them. Thread-safe. */
public final class StoredSecrets implements SecretBook {
  private static final int TRIES = 5;

  /** By the primary key. */
  private static final String READ = "SELECT * FROM secret WHERE namespace = ? AND name = ?";

  /** By the primary key, from behind the last one shown. */
  private static final String READ_PAGE =
      "SELECT * FROM secret WHERE namespace = ? AND name > ? ORDER BY name LIMIT ?";

  private static final String INSERT =
      """
      INSERT INTO secret (key_id, nonce, ciphertext, previous_key_id, previous_nonce,
        previous_ciphertext, previous_until, kind, version, rotated_at, created_at, namespace, name)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /** The version in the condition makes one of several writers win. */
  private static final String UPDATE =
      """
      UPDATE secret SET key_id = ?, nonce = ?, ciphertext = ?, previous_key_id = ?,
        previous_nonce = ?, previous_ciphertext = ?, previous_until = ?, kind = ?, version = ?,
        rotated_at = ?, created_at = ?
      WHERE namespace = ? AND name = ? AND version = ?
      """;

  private static final String DELETE =
      "DELETE FROM secret WHERE namespace = ? AND name = ? AND version = ?";

  private final Supplier<DataSource> database;
  private final Keyring keys;
  private final InstantSource clock;

  /**
   * @param database may throw {@link StoreUnavailable} while there is none yet
   */
  public StoredSecrets(Supplier<DataSource> database, Keyring keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public boolean available() {
    return !keys.isEmpty();
  }

  @Override
  public Optional<StoredSecret> find(String namespace, String name) {
    return row(namespace, name).map(SecretRow::secret);
  }

  /** The row as it is now. One statement, on a connection of its own. */
  Optional<SecretRow> row(String namespace, String name) {
    return inDatabase(connection -> row(connection, namespace, name));
  }

  private Optional<SecretRow> row(Connection connection, String namespace, String name)
      throws SQLException {
    return Sql.queryOne(connection, READ, SecretRow::read, namespace, name)
        .map(row -> row.at(clock.instant()));
  }

  @Override
  public Page<StoredSecret> list(String namespace, @Nullable String cursor, int limit) {
    String after = cursor == null ? "" : NameCursor.name(cursor, StoredSecret::isName);
    List<StoredSecret> found =
        inDatabase(
            connection ->
                Sql.query(connection, READ_PAGE, SecretRow::read, namespace, after, limit + 1)
                    .stream()
                    .map(row -> row.at(clock.instant()).secret())
                    .toList());
    return Page.of(found, limit, secret -> NameCursor.of(secret.name()));
  }

  @Override
  public Put put(NewValue value, boolean mustBeNew, OptionalLong expectedVersion) {
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            Put put = tryPut(connection, value, mustBeNew, expectedVersion);
            if (put != null) {
              return put;
            }
          }
          throw new StoreBusy(null);
        });
  }

  /** Null if the row changed between two looks. */
  private @Nullable Put tryPut(
      Connection connection, NewValue value, boolean mustBeNew, OptionalLong expected)
      throws SQLException {
    SecretRow old = row(connection, value.namespace(), value.name()).orElse(null);
    long version = old == null ? 0 : old.secret().version();
    if ((mustBeNew && version > 0) || (expected.isPresent() && expected.getAsLong() != version)) {
      throw new Conflict(value.name(), version);
    }
    if (old != null && isAskedAgain(old, value)) {
      return new Put(old.secret(), false);
    }
    SecretRow row = following(old, value);
    if (old != null) {
      return Sql.update(connection, UPDATE, values(row, version)) == 1
          ? new Put(row.secret(), false)
          : null;
    }
    try {
      Sql.update(connection, INSERT, values(row, null));
      return new Put(row.secret(), true);
    } catch (SQLIntegrityConstraintViolationException another) {
      return null;
    }
  }

  /**
   * Whether a rotation has taken place already: once more it would put the value itself in the
   * place of the one before it, which is in use still.
   */
  private boolean isAskedAgain(SecretRow old, NewValue value) {
    if (!rotates(value) || old.secret().kind() != value.kind()) {
      return false;
    }
    try {
      return keys.open(old.current(), old.place(), "the secret").equals(value.value());
    } catch (NotRevealed unreadable) {
      return false;
    }
  }

  private static boolean rotates(NewValue value) {
    return value.grace() != null && !value.grace().isZero();
  }

  private SecretRow following(@Nullable SecretRow old, NewValue value) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    boolean rotates = old != null && rotates(value);
    if (rotates && old.secret().kind() != value.kind()) {
      throw new OtherKind(value.name(), old.secret().kind());
    }
    StoredSecret secret =
        new StoredSecret(
            value.namespace(),
            value.name(),
            value.kind(),
            old == null ? 1 : old.secret().version() + 1,
            old == null ? now : old.secret().createdAt(),
            now,
            rotates ? now.plus(value.grace()) : null);
    Sealed sealed = keys.seal(value.value(), Place.of(value.namespace(), value.name()));
    return new SecretRow(secret, sealed, rotates ? old.current() : null);
  }

  private static List<@Nullable Object> values(SecretRow row, @Nullable Long expected) {
    Sealed previous = row.previous();
    List<@Nullable Object> values =
        Arrays.<@Nullable Object>asList(
            row.current().keyId(),
            row.current().nonce(),
            row.current().ciphertext(),
            previous == null ? null : previous.keyId(),
            previous == null ? null : previous.nonce(),
            previous == null ? null : previous.ciphertext(),
            row.secret().previousUntil(),
            row.secret().kind(),
            row.secret().version(),
            row.secret().rotatedAt(),
            row.secret().createdAt(),
            row.secret().namespace(),
            row.secret().name(),
            expected);
    return expected == null ? values.subList(0, values.size() - 1) : values;
  }

  /** Writes a row that says the same, encrypted anew; not if another value came meanwhile. */
  boolean replace(SecretRow row) {
    return inDatabase(
        connection -> Sql.update(connection, UPDATE, values(row, row.secret().version())) == 1);
  }

  @Override
  public boolean delete(String namespace, String name, OptionalLong expectedVersion) {
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            long version =
                row(connection, namespace, name).map(row -> row.secret().version()).orElse(0L);
            if (version > 0
                && expectedVersion.isPresent()
                && expectedVersion.getAsLong() != version) {
              throw new Conflict(name, version);
            }
            if (version == 0 || Sql.update(connection, DELETE, namespace, name, version) == 1) {
              return version > 0;
            }
          }
          throw new StoreBusy(null);
        });
  }

  <T> T inDatabase(Reconnecting.Work<T> work) {
    try {
      return Reconnecting.again(database.get(), work);
    } catch (SQLException e) {
      throw StoreUnavailable.of(e);
    }
  }
}
