package io.carillon.secret;

import io.carillon.db.Sql;
import io.carillon.job.SecretKind;
import io.carillon.job.StoredSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code secret}.
 *
 * @param previous null if no value before the present one is in use
 */
record SecretRow(StoredSecret secret, Sealed current, @Nullable Sealed previous) {

  static SecretRow read(ResultSet row) throws SQLException {
    String older = row.getString("previous_key_id");
    return new SecretRow(
        new StoredSecret(
            row.getString("namespace"),
            row.getString("name"),
            SecretKind.valueOf(row.getString("kind")),
            row.getLong("version"),
            instant(row, "created_at"),
            instant(row, "rotated_at"),
            Sql.instant(row, "previous_until")),
        new Sealed(row.getString("key_id"), row.getBytes("nonce"), row.getBytes("ciphertext")),
        older == null
            ? null
            : new Sealed(
                older, row.getBytes("previous_nonce"), row.getBytes("previous_ciphertext")));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(Sql.instant(row, column), column);
  }

  Place place() {
    return Place.of(secret.namespace(), secret.name());
  }

  /** As it is at a time: the grace of the value before may have ended. */
  SecretRow at(Instant now) {
    Instant until = secret.previousUntil();
    return until == null || until.isAfter(now)
        ? this
        : new SecretRow(
            new StoredSecret(
                secret.namespace(),
                secret.name(),
                secret.kind(),
                secret.version(),
                secret.createdAt(),
                secret.rotatedAt(),
                null),
            current,
            null);
  }
}
