package io.carillon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The database: the user's server, or without a URL an embedded one below {@code dataDir}.
 *
 * @param url {@code jdbc:mysql://host:port/schema}, or null for the embedded database
 * @param user for the URL
 * @param password for the URL; a secret
 * @param poolSize connections of this node, besides the one for check-ins
 * @param dataDir where the embedded database lives, absolute
 * @param dataPort the embedded database's port; 0 takes a free one and keeps it
 * @param tablePrefix of Quartz's tables, 1 to 20 letters, digits, underscores
 * @param migrate whether an older schema is brought up to date at start
 */
public record DatabaseConfig(
    @Nullable String url,
    String user,
    String password,
    int poolSize,
    Path dataDir,
    int dataPort,
    Migrate migrate,
    String tablePrefix) {

  /** What to do about a schema older than this server. */
  public enum Migrate {
    /** Bring it up to date at start; several nodes may try at once. */
    AUTO,
    /** Refuse to start and say what to run. */
    NEVER
  }

  /** True if the server brings its own database. */
  public boolean embedded() {
    return url == null;
  }

  /** The same with another address: that of the embedded database once it runs. */
  public DatabaseConfig at(String url, String user, String password) {
    return new DatabaseConfig(
        url, user, password, poolSize, dataDir, dataPort, migrate, tablePrefix);
  }

  @Override
  public String toString() {
    return "DatabaseConfig[url=%s, user=%s, password=***, poolSize=%d, dataDir=%s, migrate=%s]"
        .formatted(
            url == null ? "embedded" : Values.withoutSecrets(url),
            user,
            poolSize,
            dataDir,
            migrate);
  }
}
