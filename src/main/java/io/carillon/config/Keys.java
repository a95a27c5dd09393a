package io.carillon.config;

import static io.carillon.config.Values.bool;
import static io.carillon.config.Values.bytes;
import static io.carillon.config.Values.duration;
import static io.carillon.config.Values.exactly;
import static io.carillon.config.Values.integer;
import static io.carillon.config.Values.listOf;
import static io.carillon.config.Values.matching;
import static io.carillon.config.Values.millis;
import static io.carillon.config.Values.oneOf;
import static io.carillon.config.Values.share;
import static io.carillon.config.Values.text;

import io.carillon.config.DatabaseConfig.Migrate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Every key there is, with its type and default. The shipped {@code quartz.properties} says the
 * same; a test compares them.
 */
final class Keys {
  private static final String WORD = "[A-Za-z0-9_]{1,20}";
  private static final String WORD_SAYS = "1 to 20 letters, digits or underscores";
  private static final String ADDRESS = "[!-;=?A-~&&[^@]]+@[A-Za-z0-9.-]+";
  private static final int ONE_HOUR = 3_600_000;

  static final Key<String> HTTP_HOST = Key.of("carillon.http.host", "127.0.0.1", Values::host);
  static final Key<Integer> HTTP_PORT = Key.of("carillon.http.port", "8080", integer(0, 65_535));
  static final Key<List<String>> HTTP_HOSTS =
      Key.of("carillon.http.hosts", "", listOf(Values::host));

  static final Key<List<String>> API_KEYS =
      Key.secret("carillon.api.keys", "", listOf(Values::apiKey));
  static final Key<Path> API_KEYS_FILE = Key.of("carillon.api.keys.file", null, Values::path);
  static final Key<Integer> API_RATE = Key.of("carillon.api.rate", null, Values::rate);
  static final Key<Long> API_MAX_BODY =
      Key.of("carillon.api.maxBody", "1MB", bytes(1024, 64L << 20));
  static final Key<Long> API_MAX_BULK_BODY =
      Key.of("carillon.api.maxBulkBody", "8MB", bytes(1024, 64L << 20));

  static final Key<List<SecretsConfig.MasterKey>> SECRETS_KEY =
      Key.secret("carillon.secrets.key", "", listOf(SecretsSettings::key));
  static final Key<Path> SECRETS_KEY_FILE = Key.of("carillon.secrets.key.file", null, Values::path);

  static final Key<List<String>> EGRESS_ALLOW =
      Key.of("carillon.egress.allow", "", listOf(Values::hostOrNetwork));

  static final Key<Boolean> BREAKER_ENABLED = Key.of("carillon.breaker.enabled", "true", bool());
  static final Key<Duration> BREAKER_WINDOW =
      Key.of(
          "carillon.breaker.window", "10s", duration(Duration.ofSeconds(2), Duration.ofMinutes(1)));
  static final Key<Double> BREAKER_RATE = Key.of("carillon.breaker.failureRate", "0.5", share());
  static final Key<Integer> BREAKER_CALLS =
      Key.of("carillon.breaker.minimumCalls", "10", integer(1, 100));
  static final Key<Duration> BREAKER_OPEN =
      Key.of(
          "carillon.breaker.openFor", "3s", duration(Duration.ofMillis(100), Duration.ofHours(1)));
  static final Key<Duration> BREAKER_OPEN_MOST =
      Key.of(
          "carillon.breaker.openForMost",
          "3s",
          duration(Duration.ofMillis(100), Duration.ofHours(1)));

  static final Key<String> MAIL_HOST = Key.of("carillon.mail.host", null, Values::host);
  static final Key<Integer> MAIL_PORT = Key.of("carillon.mail.port", null, integer(1, 65_535));
  static final Key<String> MAIL_USERNAME = Key.of("carillon.mail.username", null, text());
  static final Key<String> MAIL_PASSWORD = Key.secret("carillon.mail.password", null, text());
  static final Key<String> MAIL_FROM =
      Key.of(
          "carillon.mail.from",
          null,
          matching(ADDRESS + "|[^<>@\\p{Cntrl}]+ <" + ADDRESS + ">", "an address"));
  static final Key<MailConfig.Tls> MAIL_TLS =
      Key.of("carillon.mail.tls", "starttls", oneOf(MailConfig.Tls.class));
  static final Key<Duration> MAIL_TIMEOUT =
      Key.of(
          "carillon.mail.timeout", "10s", duration(Duration.ofMillis(100), Duration.ofMinutes(5)));

  static final Key<String> NODE_NAME =
      Key.of(
          "carillon.node.name",
          null,
          matching("[A-Za-z0-9._-]{1,60}", "1 to 60 letters, digits, dots, dashes or underscores"));
  static final Key<Integer> NODE_INFLIGHT =
      Key.of("carillon.node.inflight", "1000", integer(1, 100_000));
  static final Key<Integer> NODE_PER_HOST =
      Key.of("carillon.node.perHost", "0", integer(0, 100_000));
  static final Key<Duration> NODE_LEASE =
      Key.of("carillon.node.lease", "4s", duration(Duration.ofSeconds(2), Duration.ofMinutes(10)));

  static final Key<StoreLock> STORE_LOCK =
      Key.of("carillon.store.lock", "shared", oneOf(StoreLock.class));

  static final Key<Duration> DRAIN_DELAY =
      Key.of("carillon.drain.delay", "0s", duration(Duration.ZERO, Duration.ofMinutes(10)));
  static final Key<Duration> DRAIN_TIMEOUT =
      Key.of("carillon.drain.timeout", "10s", duration(Duration.ZERO, Duration.ofHours(1)));

  static final Key<Duration> HISTORY_RETENTION =
      Key.of(
          "carillon.history.retention",
          "30d",
          duration(Duration.ofDays(1), Duration.ofDays(3_650)));

  static final Key<Integer> EVENTS_READERS =
      Key.of("carillon.events.readers", "1000", integer(0, 10_000));
  static final Key<Duration> HISTORY_DEAD_LETTERS =
      Key.of(
          "carillon.history.deadLetters",
          "30d",
          duration(Duration.ofDays(1), Duration.ofDays(3_650)));

  static final Key<Path> DATA_DIR = Key.of("carillon.data.dir", "./data", Values::path);
  static final Key<Integer> DATA_PORT = Key.of("carillon.data.port", "0", integer(0, 65_535));
  static final Key<Migrate> DB_MIGRATE =
      Key.of("carillon.db.migrate", "auto", oneOf(Migrate.class));

  static final Key<LogConfig.Format> LOG_FORMAT =
      Key.of("carillon.log.format", "plain", oneOf(LogConfig.Format.class));
  static final Key<LogConfig.Level> LOG_LEVEL =
      Key.of("carillon.log.level", "info", oneOf(LogConfig.Level.class));

  static final Key<String> SCHEDULER_NAME =
      Key.of("org.quartz.scheduler.instanceName", "carillon", matching(WORD, WORD_SAYS));
  static final Key<String> TABLE_PREFIX =
      Key.of("org.quartz.jobStore.tablePrefix", "QRTZ_", matching(WORD, WORD_SAYS));
  static final Key<Integer> THREAD_COUNT =
      Key.of("org.quartz.threadPool.threadCount", "200", integer(1, 10_000));

  static final Key<String> URL =
      Key.of("org.quartz.dataSource.carillon.URL", null, Values::jdbcUrl);
  static final Key<String> USER = Key.of("org.quartz.dataSource.carillon.user", "", text());
  static final Key<String> PASSWORD =
      Key.secret("org.quartz.dataSource.carillon.password", "", text());
  static final Key<Integer> POOL_SIZE =
      Key.of("org.quartz.dataSource.carillon.maxConnections", "16", integer(4, 1_000));

  /** Everything Quartz itself is given, in the order of the shipped file. */
  private static final List<Key<?>> QUARTZ =
      List.of(
          SCHEDULER_NAME,
          Key.of(
              "org.quartz.scheduler.instanceId",
              "AUTO",
              exactly("AUTO", "a node names itself anew at each start; see carillon.node.name")),
          Key.of("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "500", integer(1, 10_000)),
          Key.of(
              "org.quartz.scheduler.batchTriggerAcquisitionFireAheadTimeWindow",
              "0",
              exactly("0", "a job is never called before its time")),
          Key.of("org.quartz.scheduler.idleWaitTime", "1000", millis(1000, ONE_HOUR)),
          Key.of("org.quartz.scheduler.dbFailureRetryInterval", "500", millis(10, 60_000)),
          Key.of("org.quartz.scheduler.skipUpdateCheck", null, bool()),
          Key.of(
              "org.quartz.scheduler.threadName", null, matching("[\\x21-\\x7e]{1,60}", "a name")),
          Key.of("org.quartz.scheduler.makeSchedulerThreadDaemon", null, bool()),
          Key.of("org.quartz.scheduler.jmx.export", null, bool()),
          Key.of(
              "org.quartz.threadPool.class",
              "io.carillon.quartz.WorkerPool",
              exactly("io.carillon.quartz.WorkerPool", "no other pool keeps Carillon's promises")),
          THREAD_COUNT,
          Key.of(
              "org.quartz.jobStore.class",
              "io.carillon.quartz.store.CarillonJobStore",
              exactly(
                  "io.carillon.quartz.store.CarillonJobStore",
                  "no other store keeps Carillon's promises")),
          Key.of(
              "org.quartz.jobStore.driverDelegateClass",
              null,
              exactly("org.quartz.impl.jdbcjobstore.StdJDBCDelegate", "")),
          TABLE_PREFIX,
          Key.of(
              "org.quartz.jobStore.isClustered",
              "true",
              exactly("true", "even a single node must not free what another one holds")),
          Key.of(
              "org.quartz.jobStore.useProperties",
              "true",
              exactly("true", "nothing is deserialized from the database")),
          Key.of("org.quartz.jobStore.dataSource", "carillon", exactly("carillon", "")),
          Key.of("org.quartz.jobStore.clusterCheckinInterval", "1000", millis(100, 60_000)),
          Key.of("org.quartz.jobStore.dbRetryInterval", "500", millis(10, 60_000)),
          Key.of(
              "org.quartz.jobStore.acquireTriggersWithinLock",
              null,
              exactly("true", "two nodes would take the same job")),
          Key.of("org.quartz.jobStore.misfireThreshold", null, millis(1000, ONE_HOUR)));

  private static final List<Key<?>> OTHERS =
      List.of(
          URL,
          USER,
          PASSWORD,
          POOL_SIZE,
          Key.of(
              "org.quartz.dataSource.carillon.driver",
              null,
              exactly("com.mysql.cj.jdbc.Driver", "")),
          HTTP_HOST,
          HTTP_PORT,
          HTTP_HOSTS,
          API_KEYS,
          API_KEYS_FILE,
          API_RATE,
          API_MAX_BODY,
          API_MAX_BULK_BODY,
          SECRETS_KEY,
          SECRETS_KEY_FILE,
          EGRESS_ALLOW,
          BREAKER_ENABLED,
          BREAKER_WINDOW,
          BREAKER_RATE,
          BREAKER_CALLS,
          BREAKER_OPEN,
          BREAKER_OPEN_MOST,
          MAIL_HOST,
          MAIL_PORT,
          MAIL_USERNAME,
          MAIL_PASSWORD,
          MAIL_FROM,
          MAIL_TLS,
          MAIL_TIMEOUT,
          NODE_NAME,
          NODE_INFLIGHT,
          NODE_PER_HOST,
          NODE_LEASE,
          STORE_LOCK,
          DRAIN_DELAY,
          DRAIN_TIMEOUT,
          HISTORY_RETENTION,
          EVENTS_READERS,
          HISTORY_DEAD_LETTERS,
          DATA_DIR,
          DATA_PORT,
          DB_MIGRATE,
          LOG_FORMAT,
          LOG_LEVEL);

  private Keys() {}

  static List<Key<?>> quartz() {
    return QUARTZ;
  }

  static List<Key<?>> all() {
    List<Key<?>> all = new ArrayList<>(QUARTZ);
    all.addAll(OTHERS);
    return List.copyOf(all);
  }

  /** The key that a mistyped name most likely means, if one is near. */
  static Optional<String> nearest(String name) {
    return all().stream()
        .map(Key::name)
        .filter(known -> Spelling.distance(known, name) <= Math.max(2, name.length() / 5))
        .min(Comparator.comparingInt(known -> Spelling.distance(known, name)));
  }
}
