package io.carillon.db;

import io.carillon.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A JDBC URL with the driver parameters Carillon relies on, where the operator set none himself.
 * The password is part of {@link #properties()}, never of a message.
 */
final class JdbcAddress {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("connectTimeout", "2000");
    DEFAULTS.put("socketTimeout", "10000");
    DEFAULTS.put("tcpKeepAlive", "true");
    DEFAULTS.put("rewriteBatchedStatements", "true");
    DEFAULTS.put("useLocalSessionState", "true");
    DEFAULTS.put("cachePrepStmts", "true");
    DEFAULTS.put("prepStmtCacheSize", "250");
    DEFAULTS.put("prepStmtCacheSqlLimit", "65536");
    DEFAULTS.put("maintainTimeStats", "false");
    DEFAULTS.put("characterEncoding", "UTF-8");
    // An offset, not a name: names need the server's time zone tables.
    DEFAULTS.put("connectionTimeZone", "+00:00");
    DEFAULTS.put("forceConnectionTimeZoneToSession", "true");
  }

  private final String url;
  private final Properties properties = new Properties();

  JdbcAddress(DatabaseConfig config) {
    this.url = Objects.requireNonNull(config.url(), "no URL");
    DEFAULTS.forEach(this::setUnlessInUrl);
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
  }

  private void setUnlessInUrl(String name, String value) {
    Pattern set = Pattern.compile("[?&(,]\\s*" + name + "\\s*=", Pattern.CASE_INSENSITIVE);
    if (!set.matcher(url).find()) {
      properties.setProperty(name, value);
    }
  }

  String url() {
    return url;
  }

  /** What the driver is given beside the URL; a copy. */
  Properties properties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  /** A connection of its own whose every wait is bounded by these, whatever the URL says. */
  Connection connect(Duration connectTimeout, Duration socketTimeout) throws SQLException {
    Properties bounded = properties();
    bounded.setProperty("connectTimeout", Long.toString(connectTimeout.toMillis()));
    bounded.setProperty("socketTimeout", Long.toString(socketTimeout.toMillis()));
    return DriverManager.getConnection(url, bounded);
  }

  /** Host and schema, for messages. */
  @Override
  public String toString() {
    return url.replaceAll("\\?.*", "").replaceAll("//[^/@]*@", "//");
  }
}
