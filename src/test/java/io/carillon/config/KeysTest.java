package io.carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every key there is: its default, another value and what that reads as, a bad value. */
class KeysTest {
  /** Another value than the default, as text and as read. */
  private static final Map<String, Sample> SAMPLES = new HashMap<>();

  private record Sample(String text, Object value, String bad) {}

  private static void sample(String key, String text, Object value, String bad) {
    SAMPLES.put(key, new Sample(text, value, bad));
  }

  static {
    sample("carillon.http.host", "[::1]", "::1", "a b");
    sample("carillon.http.port", "0", 0, "65536");
    sample("carillon.http.hosts", "A.example, b", List.of("a.example", "b"), "a:80");
    sample("carillon.api.keys", "k1,k2", List.of("k1", "k2"), "k\u00e9y");
    sample("carillon.api.keys.file", "keys.txt", Path.of("keys.txt"), "\0");
    sample("carillon.api.rate", "OFF", 0, "-1");
    sample("carillon.api.maxBody", "2mb", 2L << 20, "1TB");
    sample("carillon.api.maxBulkBody", "4096KB", 4L << 20, "100");
    sample(
        "carillon.secrets.key",
        "k1:" + "A".repeat(43) + "=",
        List.of(new SecretsConfig.MasterKey("k1", "A".repeat(43) + "=")),
        "k1:AAAA");
    sample("carillon.secrets.key.file", "/run/k", Path.of("/run/k"), "\0");
    sample(
        "carillon.egress.allow",
        "10.1.0.0/16, Stub, ::1/128, 127.0.0.1",
        List.of("10.1.0.0/16", "stub", "::1/128", "127.0.0.1"),
        "10.1.0.0/33");
    sample("carillon.breaker.enabled", "false", false, "maybe");
    sample("carillon.breaker.window", "30s", Duration.ofSeconds(30), "1s");
    sample("carillon.breaker.failureRate", "0.25", 0.25, "0");
    sample("carillon.breaker.minimumCalls", "20", 20, "0");
    sample("carillon.breaker.openFor", "5s", Duration.ofSeconds(5), "0s");
    sample("carillon.breaker.openForMost", "30s", Duration.ofSeconds(30), "2h");
    sample("carillon.mail.host", "Smtp.example", "smtp.example", "smtp.example:25");
    sample("carillon.mail.port", "2525", 2525, "0");
    sample("carillon.mail.username", "me", "me", "");
    sample("carillon.mail.password", "pw", "pw", "");
    sample("carillon.mail.from", "Bell <b@x.example>", "Bell <b@x.example>", "b at x");
    sample("carillon.mail.tls", "none", MailConfig.Tls.NONE, "ssl");
    sample("carillon.mail.timeout", "3s", Duration.ofSeconds(3), "10");
    sample("carillon.node.name", "node-1.rack_2", "node-1.rack_2", "node 1");
    sample("carillon.node.inflight", "5", 5, "0");
    sample("carillon.node.perHost", "7", 7, "-1");
    sample("carillon.node.lease", "PT1M", Duration.ofMinutes(1), "1s");
    sample("carillon.store.lock", "exclusive", StoreLock.EXCLUSIVE, "none");
    sample("carillon.drain.delay", "500ms", Duration.ofMillis(500), "-1s");
    sample("carillon.drain.timeout", "2m", Duration.ofMinutes(2), "10");
    sample("carillon.history.retention", "48h", Duration.ofDays(2), "1h");
    sample("carillon.events.readers", "20", 20, "-1");
    sample("carillon.history.deadLetters", "90d", Duration.ofDays(90), "1h");
    sample("carillon.data.dir", "/srv/c", Path.of("/srv/c"), "\0");
    sample("carillon.data.port", "3307", 3307, "x");
    sample("carillon.db.migrate", "NEVER", DatabaseConfig.Migrate.NEVER, "maybe");
    sample("carillon.log.format", "json", LogConfig.Format.JSON, "xml");
    sample("carillon.log.level", "debug", LogConfig.Level.DEBUG, "loud");
    sample("org.quartz.scheduler.instanceName", "bells_2", "bells_2", "a-b");
    sample("org.quartz.scheduler.instanceId", "AUTO", "AUTO", "NON_CLUSTERED");
    sample("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "10", 10, "0");
    sample("org.quartz.scheduler.batchTriggerAcquisitionFireAheadTimeWindow", "0", "0", "1000");
    sample("org.quartz.scheduler.idleWaitTime", "2000", 2000L, "1s");
    sample("org.quartz.scheduler.dbFailureRetryInterval", "250", 250L, "15s");
    sample("org.quartz.scheduler.skipUpdateCheck", "TRUE", true, "yes");
    sample("org.quartz.scheduler.threadName", "loop", "loop", "a b");
    sample("org.quartz.scheduler.makeSchedulerThreadDaemon", "false", false, "0");
    sample("org.quartz.scheduler.jmx.export", "true", true, "1");
    sample(
        "org.quartz.threadPool.class",
        "io.carillon.quartz.WorkerPool",
        "io.carillon.quartz.WorkerPool",
        "x.Y");
    sample("org.quartz.threadPool.threadCount", "7", 7, "0");
    sample(
        "org.quartz.jobStore.class",
        "io.carillon.quartz.store.CarillonJobStore",
        "io.carillon.quartz.store.CarillonJobStore",
        "org.quartz.simpl.RAMJobStore");
    sample(
        "org.quartz.jobStore.driverDelegateClass",
        "org.quartz.impl.jdbcjobstore.StdJDBCDelegate",
        "org.quartz.impl.jdbcjobstore.StdJDBCDelegate",
        "x.Y");
    sample("org.quartz.jobStore.tablePrefix", "C_", "C_", "c.QRTZ_");
    sample("org.quartz.jobStore.isClustered", "true", "true", "false");
    sample("org.quartz.jobStore.useProperties", "true", "true", "false");
    sample("org.quartz.jobStore.dataSource", "carillon", "carillon", "other");
    sample("org.quartz.jobStore.clusterCheckinInterval", "500", 500L, "0");
    sample("org.quartz.jobStore.dbRetryInterval", "100", 100L, "5");
    sample("org.quartz.jobStore.acquireTriggersWithinLock", "true", "true", "false");
    sample("org.quartz.jobStore.misfireThreshold", "5000", 5000L, "1");
    sample(
        "org.quartz.dataSource.carillon.URL",
        "jdbc:mariadb://db/carillon?a=b",
        "jdbc:mysql://db/carillon?a=b",
        "jdbc:mysql://db");
    sample("org.quartz.dataSource.carillon.user", "me", "me", "");
    sample("org.quartz.dataSource.carillon.password", "pw", "pw", "");
    sample("org.quartz.dataSource.carillon.maxConnections", "20", 20, "1");
    sample(
        "org.quartz.dataSource.carillon.driver",
        "com.mysql.cj.jdbc.Driver",
        "com.mysql.cj.jdbc.Driver",
        "org.h2.Driver");
  }

  @TestFactory
  Stream<DynamicTest> each_key_is_read_from_file_and_environment_and_refuses_nonsense() {
    return Keys.all().stream()
        .map(key -> DynamicTest.dynamicTest(key.name(), () -> readsAndRefuses(key)));
  }

  private static void readsAndRefuses(Key<?> key) {
    Sample sample = SAMPLES.get(key.name());
    assertThat(sample).as("a sample of " + key.name()).isNotNull();

    Settings ofFile = Settings.read(Map.of(key.name(), " " + sample.text() + " "), Map.of());
    assertThat(ofFile.faults()).isEmpty();
    assertThat((Object) ofFile.find(key)).isEqualTo(sample.value());

    Settings ofVariable = Settings.read(Map.of(), Map.of(key.variable(), sample.text()));
    assertThat((Object) ofVariable.find(key)).isEqualTo(sample.value());

    Settings unset = Settings.read(Map.of(), Map.of());
    assertThat(unset.text(key)).isEqualTo(key.fallback());

    if (!sample.bad().isEmpty()) {
      Settings bad = Settings.read(Map.of(key.name(), sample.bad()), Map.of());
      assertThat(bad.faults()).extracting(Fault::key).containsExactly(key.name());
      assertThat((Object) bad.find(key)).isEqualTo(unset.find(key));
    }
  }

  @Test
  void the_shipped_file_shows_every_key_but_the_rare_ones_with_its_default() throws IOException {
    String shipped = Files.readString(Path.of("quartz.properties"));
    Properties active = new Properties();
    active.load(new StringReader(shipped));
    Properties shown = new Properties();
    shown.load(
        new StringReader(
            shipped
                .lines()
                .map(line -> line.replaceFirst("^#((?:carillon|org\\.quartz)\\.)", "$1"))
                .collect(Collectors.joining("\n"))));
    for (Key<?> key : Keys.all()) {
      String fallback = key.fallback();
      if (Keys.quartz().contains(key) && fallback != null) {
        assertThat(active.getProperty(key.name())).as(key.name()).isEqualTo(fallback);
      } else if (fallback != null && !fallback.isEmpty()) {
        assertThat(shown.getProperty(key.name())).as(key.name()).isEqualTo(fallback);
      } else if (key.name().startsWith("carillon.")) {
        assertThat(shown.getProperty(key.name())).as(key.name()).isEmpty();
      }
    }
    assertThat(Keys.all().stream().map(Key::name)).containsAll(shown.stringPropertyNames());
    assertThat(active.stringPropertyNames()).allMatch(name -> name.startsWith("org.quartz."));
  }

  @Test
  void lengths_of_time_and_sizes_have_units() {
    var time = Values.duration(Duration.ZERO, Duration.ofDays(3650));
    assertThat(time.apply("0")).isEqualTo(Duration.ZERO);
    assertThat(time.apply("1500 ms")).isEqualTo(Duration.ofMillis(1500));
    assertThat(time.apply("30d")).isEqualTo(Duration.ofDays(30));
    assertThat(time.apply("PT1H30M")).isEqualTo(Duration.ofMinutes(90));
    for (String bad : List.of("", "10", "1.5s", "s", "1y", "P1X", "999999999999999999d", "-5s")) {
      assertThatThrownBy(() -> time.apply(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("must be");
    }
  }

  @Test
  void variables_are_upper_case_with_underscores_and_differ() {
    assertThat(Keys.HTTP_PORT.variable()).isEqualTo("CARILLON_HTTP_PORT");
    assertThat(Keys.URL.variable()).isEqualTo("ORG_QUARTZ_DATASOURCE_CARILLON_URL");
    assertThat(Keys.all().stream().map(Key::variable)).doesNotHaveDuplicates();
  }
}
