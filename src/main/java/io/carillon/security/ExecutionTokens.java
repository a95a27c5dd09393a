package io.carillon.security;

import io.carillon.db.Sql;
import io.carillon.execution.CallTokens;
import io.carillon.execution.ExecutionId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by HMAC-SHA256 (RFC 2104) over execution and attempt, with a key that all nodes share: it
 * is made once and kept in the database. Nothing is stored per call. Compared in constant time.
 * Makes and knows none until {@link #load}. Thread-safe.
 */
public final class ExecutionTokens implements CallTokens {
  private static final String NAME = "execution-token";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final Pattern FORM = Pattern.compile("crt_([0-9]{1,9})_([A-Za-z0-9_-]{43})");

  private final InstantSource clock;
  private volatile @Nullable SecretKeySpec key;

  public ExecutionTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** Reads the cluster's key, and makes it if there is none. To be called before calls are made. */
  public void load(DataSource database) throws SQLException {
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    try (Connection connection = database.getConnection()) {
      Sql.update(
          connection,
          "INSERT IGNORE INTO cluster_key (name, secret, created_at) VALUES (?, ?, ?)",
          NAME,
          fresh,
          clock.instant());
      byte[] kept =
          Sql.queryOne(
                  connection,
                  "SELECT secret FROM cluster_key WHERE name = ?",
                  row -> row.getBytes(1),
                  NAME)
              .orElseThrow(() -> new SQLException("the cluster's key is gone"));
      key = new SecretKeySpec(kept, ALGORITHM);
    }
  }

  @Override
  public String of(ExecutionId id, int attempt) {
    SecretKeySpec with = key;
    return with == null
        ? ""
        : "crt_"
            + attempt
            + '_'
            + Base64.getUrlEncoder().withoutPadding().encodeToString(seal(with, id, attempt));
  }

  @Override
  public OptionalInt attempt(ExecutionId id, String token) {
    SecretKeySpec with = key;
    Matcher parts = FORM.matcher(token);
    if (with == null || !parts.matches()) {
      return OptionalInt.empty();
    }
    int attempt = Integer.parseInt(parts.group(1));
    byte[] given;
    try {
      given = Base64.getUrlDecoder().decode(parts.group(2));
    } catch (IllegalArgumentException e) {
      return OptionalInt.empty();
    }
    return MessageDigest.isEqual(seal(with, id, attempt), given)
        ? OptionalInt.of(attempt)
        : OptionalInt.empty();
  }

  private static byte[] seal(SecretKeySpec key, ExecutionId id, int attempt) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal((id.value() + '/' + attempt).getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }
}
