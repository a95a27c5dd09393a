package io.carillon.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the operator said, checked as a whole, with defaults for the rest. Immutable and safe for
 * threads. The order of precedence: environment variable, file, default.
 */
public final class Configuration {
  /** The file looked for in the working directory, and the resource that stands in for it. */
  public static final String FILE = "quartz.properties";

  private static final int API_RATE_WITH_KEYS = 500;
  private static final int SHORT_KEY = 16;

  private final String source;
  private final Settings settings;
  private final HttpConfig http;
  private final ApiConfig api;
  private final KeysConfig keys;
  private final SecretsConfig secrets;
  private final EgressConfig egress;
  private final NodeConfig node;
  private final DatabaseConfig database;
  private final List<String> warnings;

  private Configuration(String source, Settings settings, Path directory) {
    this.source = source;
    this.settings = settings;
    this.http =
        new HttpConfig(
            settings.get(Keys.HTTP_HOST),
            settings.get(Keys.HTTP_PORT),
            settings.get(Keys.HTTP_HOSTS));
    this.keys = readKeys(settings, directory);
    Integer rate = settings.find(Keys.API_RATE);
    this.api =
        new ApiConfig(
            rate != null ? rate : keys.required() ? API_RATE_WITH_KEYS : 0,
            settings.get(Keys.API_MAX_BODY),
            settings.get(Keys.API_MAX_BULK_BODY));
    this.secrets = SecretsSettings.read(settings, directory);
    this.egress = new EgressConfig(settings.get(Keys.EGRESS_ALLOW), !keys.required());
    this.node =
        new NodeConfig(
            settings.find(Keys.NODE_NAME),
            settings.get(Keys.NODE_INFLIGHT),
            settings.get(Keys.NODE_PER_HOST),
            settings.get(Keys.NODE_LEASE),
            settings.get(Keys.THREAD_COUNT));
    this.database =
        new DatabaseConfig(
            settings.find(Keys.URL),
            settings.get(Keys.USER),
            settings.get(Keys.PASSWORD),
            settings.get(Keys.POOL_SIZE),
            directory.resolve(settings.get(Keys.DATA_DIR)).toAbsolutePath().normalize(),
            settings.get(Keys.DATA_PORT),
            settings.get(Keys.DB_MIGRATE),
            settings.get(Keys.TABLE_PREFIX));
    checkAcross(settings);
    List<String> warned = new ArrayList<>(settings.warnings());
    if (keys.keys().stream().anyMatch(key -> key.length() < SHORT_KEY)) {
      warned.add("an API key is shorter than " + SHORT_KEY + " characters");
    }
    this.warnings = List.copyOf(warned);
  }

  /**
   * Reads the configuration from the file, else from {@code ./quartz.properties} if there is one,
   * else from the copy inside the jar.
   *
   * @param file what {@code --config} named, or null
   * @param environment usually {@link System#getenv()}
   * @throws ConfigurationException with all faults
   */
  public static Configuration load(@Nullable Path file, Map<String, String> environment) {
    return load(file, environment, Path.of(""));
  }

  private static String whyUnreadable(Exception unreadable) {
    return unreadable instanceof NoSuchFileException
        ? "there is no such file"
        : "cannot be read: " + unreadable.getMessage();
  }

  /** The same with a working directory, which relative paths refer to. */
  static Configuration load(@Nullable Path file, Map<String, String> environment, Path directory) {
    Path local = directory.resolve(FILE);
    Path chosen = file != null ? file : Files.isRegularFile(local) ? local : null;
    String source = chosen == null ? "the shipped " + FILE : chosen.toString();
    Properties properties = new Properties();
    try (Reader reader = open(chosen)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new ConfigurationException(
          source, List.of(new Fault("--config", source, whyUnreadable(unreadable), null)));
    }
    Map<String, String> values = new LinkedHashMap<>();
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return of(source, values, environment, directory);
  }

  /** Made from the given values alone and defaults for the rest; what tests use. */
  public static Configuration of(Map<String, String> values) {
    return of("given", values, Map.of(), Path.of(""));
  }

  private static Configuration of(
      String source, Map<String, String> values, Map<String, String> environment, Path directory) {
    Settings settings = Settings.read(values, environment);
    Configuration configuration = new Configuration(source, settings, directory);
    if (!settings.faults().isEmpty()) {
      throw new ConfigurationException(source, settings.faults());
    }
    return configuration;
  }

  private static Reader open(@Nullable Path file) throws IOException {
    if (file != null) {
      return Files.newBufferedReader(file);
    }
    InputStream shipped = Configuration.class.getResourceAsStream("/" + FILE);
    return new InputStreamReader(
        Objects.requireNonNull(shipped, "the jar holds no " + FILE), StandardCharsets.UTF_8);
  }

  private static KeysConfig readKeys(Settings settings, Path directory) {
    List<String> keys = new ArrayList<>(settings.get(Keys.API_KEYS));
    Path file = settings.find(Keys.API_KEYS_FILE);
    if (file != null) {
      try {
        Files.readAllLines(directory.resolve(file)).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(Values::apiKey)
            .forEach(keys::add);
      } catch (IOException | UncheckedIOException unreadable) {
        settings.fault(Keys.API_KEYS_FILE, "cannot be read", "name a file with one key a line");
      } catch (IllegalArgumentException badKey) {
        settings.fault(Keys.API_KEYS_FILE, String.valueOf(badKey.getMessage()), null);
      }
      if (keys.isEmpty()) {
        settings.fault(Keys.API_KEYS_FILE, "holds no key", "write one key a line");
      }
    }
    return new KeysConfig(keys.stream().distinct().toList());
  }

  private void checkAcross(Settings settings) {
    if (!http.loopback() && !keys.required() && !settings.faulty(Keys.API_KEYS)) {
      settings.fault(
          Keys.HTTP_HOST,
          "without API keys the server listens on loopback only",
          "set carillon.api.keys (CARILLON_API_KEYS) or carillon.http.host=127.0.0.1");
    }
    if (api.maxBulkBody() < api.maxBody()) {
      settings.fault(Keys.API_MAX_BULK_BODY, "is less than carillon.api.maxBody", null);
    }
    MailSettings.check(settings);
    if (database.embedded() && settings.given(Keys.USER)) {
      settings.fault(
          Keys.USER,
          "is set without a URL",
          "set " + Keys.URL.name() + " (" + Keys.URL.variable() + ")");
    }
  }

  /** Where the values come from, for the first log line. */
  public String source() {
    return source;
  }

  public HttpConfig http() {
    return http;
  }

  public ApiConfig api() {
    return api;
  }

  public KeysConfig keys() {
    return keys;
  }

  /** The keys that secrets are encrypted with. */
  public SecretsConfig secrets() {
    return secrets;
  }

  public EgressConfig egress() {
    return egress;
  }

  /** The mail server; empty if this server sends no mail. */
  public Optional<MailConfig> mail() {
    return MailSettings.read(settings);
  }

  public NodeConfig node() {
    return node;
  }

  public DatabaseConfig database() {
    return database;
  }

  /** When breakers of hosts open, and for how long. */
  public BreakerConfig breaker() {
    return new BreakerConfig(
        settings.get(Keys.BREAKER_ENABLED),
        settings.get(Keys.BREAKER_WINDOW),
        settings.get(Keys.BREAKER_RATE),
        settings.get(Keys.BREAKER_CALLS),
        settings.get(Keys.BREAKER_OPEN),
        settings.get(Keys.BREAKER_OPEN_MOST));
  }

  public DrainConfig drain() {
    return new DrainConfig(settings.get(Keys.DRAIN_DELAY), settings.get(Keys.DRAIN_TIMEOUT));
  }

  /** How hot steps of the store take the cluster's lock row. */
  public StoreLock storeLock() {
    return settings.get(Keys.STORE_LOCK);
  }

  public HistoryConfig history() {
    return new HistoryConfig(
        settings.get(Keys.HISTORY_RETENTION), settings.get(Keys.HISTORY_DEAD_LETTERS));
  }

  public EventsConfig events() {
    return new EventsConfig(settings.get(Keys.EVENTS_READERS));
  }

  public LogConfig log() {
    return new LogConfig(settings.get(Keys.LOG_FORMAT), settings.get(Keys.LOG_LEVEL));
  }

  /** Quartz's name of the cluster: all its nodes carry the same. Letters, digits, underscores. */
  public String schedulerName() {
    return settings.get(Keys.SCHEDULER_NAME);
  }

  /** The prefix of Quartz's tables, safe to be put into a statement. */
  public String tablePrefix() {
    return settings.get(Keys.TABLE_PREFIX);
  }

  /**
   * The {@code org.quartz.*} keys for Quartz, defaults included, as a fresh copy. Without the data
   * source's: the pool is ours, and its password stays out of Quartz.
   */
  public Properties quartzProperties() {
    Properties properties = new Properties();
    for (Key<?> key : Keys.quartz()) {
      String text = settings.text(key);
      if (text != null) {
        properties.setProperty(key.name(), text);
      }
    }
    return properties;
  }

  /** What is odd but no reason to stop; one line each, for the log. */
  public List<String> warnings() {
    return warnings;
  }

  /** Every key with a value, defaults included, secrets as {@code ***}. */
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Key<?> key : Keys.all()) {
      String text = settings.text(key);
      if (text != null && !text.isEmpty()) {
        shown.put(key.name(), key.secret() ? "***" : Values.withoutSecrets(text));
      }
    }
    return shown;
  }
}
