package io.carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.carillon.config.DatabaseConfig.Migrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path directory;

  private Configuration load(Map<String, String> environment) {
    return Configuration.load(null, environment, directory);
  }

  private static List<Fault> faults(Map<String, String> values) {
    return catchThrowableOfType(ConfigurationException.class, () -> Configuration.of(values))
        .faults();
  }

  @Test
  void says_nothing_means_one_open_node_on_loopback_with_the_embedded_database() {
    Configuration configuration = load(Map.of());
    assertThat(configuration.http()).isEqualTo(new HttpConfig("127.0.0.1", 8080, List.of()));
    assertThat(configuration.http().loopback()).isTrue();
    assertThat(configuration.keys().required()).isFalse();
    assertThat(configuration.api()).isEqualTo(new ApiConfig(0, 1 << 20, 8 << 20));
    assertThat(configuration.egress()).isEqualTo(new EgressConfig(List.of(), true));
    assertThat(configuration.node())
        .isEqualTo(new NodeConfig(null, 1000, 0, Duration.ofSeconds(4), 200));
    assertThat(configuration.drain())
        .isEqualTo(new DrainConfig(Duration.ZERO, Duration.ofSeconds(10)));
    assertThat(configuration.history())
        .isEqualTo(new HistoryConfig(Duration.ofDays(30), Duration.ofDays(30)));
    assertThat(configuration.log())
        .isEqualTo(new LogConfig(LogConfig.Format.PLAIN, LogConfig.Level.INFO));
    assertThat(configuration.database())
        .isEqualTo(
            new DatabaseConfig(
                null,
                "",
                "",
                16,
                directory.resolve("data").toAbsolutePath(),
                0,
                Migrate.AUTO,
                "QRTZ_"));
    assertThat(configuration.schedulerName()).isEqualTo("carillon");
    assertThat(configuration.source()).isEqualTo("the shipped quartz.properties");
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void the_file_in_the_working_directory_counts_and_the_named_file_before_it() throws IOException {
    Files.writeString(directory.resolve("quartz.properties"), "carillon.http.port = 1111");
    Path named =
        Files.writeString(directory.resolve("other.properties"), "carillon.http.port=2222");
    assertThat(load(Map.of()).http().port()).isEqualTo(1111);
    assertThat(Configuration.load(named, Map.of(), directory).http().port()).isEqualTo(2222);
  }

  @Test
  void the_environment_counts_before_the_file() throws IOException {
    Files.writeString(
        directory.resolve("quartz.properties"),
        "carillon.http.port = 1111\norg.quartz.dataSource.carillon.user = of-the-file");
    Configuration configuration =
        load(
            Map.of(
                "CARILLON_HTTP_PORT", "3333",
                "CARILLON_DATA_DIR", "/var/lib/carillon",
                "ORG_QUARTZ_DATASOURCE_CARILLON_URL", "jdbc:mysql://db:3306/carillon",
                "ORG_QUARTZ_DATASOURCE_CARILLON_USER", "me",
                "ORG_QUARTZ_DATASOURCE_CARILLON_PASSWORD", "pw",
                "PATH", "/bin"));
    assertThat(configuration.http().port()).isEqualTo(3333);
    DatabaseConfig database = configuration.database();
    assertThat(database.url()).isEqualTo("jdbc:mysql://db:3306/carillon");
    assertThat(database.user()).isEqualTo("me");
    assertThat(database.password()).isEqualTo("pw");
    assertThat(database.dataDir()).isEqualTo(Path.of("/var/lib/carillon"));
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void an_empty_variable_is_one_that_is_not_set() {
    assertThat(load(Map.of("CARILLON_API_KEYS", "", "CARILLON_HTTP_PORT", " ")).http().port())
        .isEqualTo(8080);
  }

  @Test
  void an_unknown_variable_of_ours_is_a_warning_only() {
    assertThat(load(Map.of("CARILLON_PORT_8080_TCP", "tcp://10.0.0.1:80")).warnings())
        .containsExactly("the environment variable CARILLON_PORT_8080_TCP is not known");
  }

  @Test
  void all_faults_come_together_with_what_was_probably_meant() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                Configuration.of(
                    Map.of(
                        "carillon.http.prot", "1",
                        "org.quartz.jobStore.isclustred", "true",
                        "carillon.http.port", "99999",
                        "carillon.drain.timeout", "soon",
                        "completely.different", "x",
                        "org.quartz.scheduler.instanceName", "my cluster; DROP TABLE")));
    assertThat(refused.faults()).hasSize(6);
    assertThat(refused.getMessage().lines())
        .contains(
            "6 faults in the configuration (given):",
            "  carillon.http.prot: is not a known key; did you mean carillon.http.port?",
            "  org.quartz.jobStore.isclustred: is not a known key; did you mean org.quartz.jobStore.isClustered?",
            "  carillon.http.port = 99999: must be a whole number from 0 to 65535",
            "  carillon.drain.timeout = soon: must be a length of time such as 500ms, 30s, 5m, 4h, 30d or PT30S",
            "  completely.different: is not a known key",
            "  org.quartz.scheduler.instanceName = my cluster; DROP TABLE: must be 1 to 20 letters, digits or underscores");
  }

  @Test
  void without_keys_it_refuses_to_listen_for_other_machines() {
    assertThat(faults(Map.of("carillon.http.host", "0.0.0.0")))
        .singleElement()
        .hasToString(
            "carillon.http.host = 0.0.0.0: without API keys the server listens on loopback only; "
                + "set carillon.api.keys (CARILLON_API_KEYS) or carillon.http.host=127.0.0.1");
    for (String loopback : List.of("127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost")) {
      assertThat(Configuration.of(Map.of("carillon.http.host", loopback)).http().loopback())
          .as(loopback)
          .isTrue();
    }
    for (String open : List.of("::", "10.0.0.1", "example.org", "127.0.0.1.example.org")) {
      assertThat(faults(Map.of("carillon.http.host", open))).as(open).hasSize(1);
    }
  }

  @Test
  void keys_open_the_listener_and_limit_the_rate() {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "carillon.http.host", "0.0.0.0", "carillon.api.keys", "first-key, second-key,,"));
    assertThat(configuration.keys().keys()).containsExactly("first-key", "second-key");
    assertThat(configuration.api().rate()).isEqualTo(500);
    assertThat(configuration.egress().local()).isFalse();
    assertThat(configuration.warnings())
        .containsExactly("an API key is shorter than 16 characters");
    assertThat(
            Configuration.of(Map.of("carillon.api.keys", "k", "carillon.api.rate", "off"))
                .api()
                .rate())
        .isZero();
  }

  @Test
  void keys_come_from_a_file_too() throws IOException {
    Path file = directory.resolve("keys");
    Files.writeString(file, "# of the shop\nkey-of-the-shop-1234\n\n  key-of-the-desk-1234  \n");
    assertThat(
            load(Map.of(
                    "CARILLON_API_KEYS", "third-key-123456789", "CARILLON_API_KEYS_FILE", "keys"))
                .keys()
                .keys())
        .containsExactly("third-key-123456789", "key-of-the-shop-1234", "key-of-the-desk-1234");
    Files.writeString(file, "# nothing\n");
    assertThatThrownBy(() -> load(Map.of("CARILLON_API_KEYS_FILE", "keys")))
        .hasMessageContaining("carillon.api.keys.file = keys: holds no key");
    assertThatThrownBy(() -> load(Map.of("CARILLON_API_KEYS_FILE", "none")))
        .hasMessageContaining("carillon.api.keys.file = none: cannot be read");
  }

  @Test
  void secrets_are_in_no_text() {
    String secret = "s3cret-s3cret-s3cret";
    Map<String, String> values =
        Map.of(
            "carillon.api.keys",
            secret,
            "org.quartz.dataSource.carillon.URL",
            "jdbc:mysql://u:" + secret + "@db/carillon?password=" + secret + "&x=1",
            "org.quartz.dataSource.carillon.password",
            secret);
    Configuration configuration = Configuration.of(values);
    assertThat(configuration.keys().toString()).doesNotContain(secret);
    assertThat(configuration.database().toString()).doesNotContain(secret).contains("x=1");
    assertThat(configuration.shown().toString()).doesNotContain(secret);
    assertThat(configuration.quartzProperties().toString()).doesNotContain(secret);
    assertThatThrownBy(() -> Configuration.of(Map.of("carillon.api.keys", secret + "\u0001")))
        .hasMessageNotContaining(secret);
    assertThatThrownBy(
            () ->
                Configuration.of(
                    Map.of(
                        "org.quartz.dataSource.carillon.URL",
                        "jdbc:postgresql://u:" + secret + "@db/x?password=" + secret)))
        .hasMessageNotContaining(secret);
  }

  @Test
  void quartz_gets_its_own_keys_with_defaults_and_nothing_else() {
    Configuration configuration =
        Configuration.of(Map.of("org.quartz.scheduler.instanceName", "bells"));
    assertThat(configuration.quartzProperties())
        .containsEntry("org.quartz.scheduler.instanceName", "bells")
        .containsEntry("org.quartz.jobStore.isClustered", "true")
        .containsEntry("org.quartz.jobStore.tablePrefix", "QRTZ_")
        .containsEntry("org.quartz.scheduler.idleWaitTime", "1000")
        .allSatisfy((key, value) -> assertThat((String) key).startsWith("org.quartz."))
        .allSatisfy((key, value) -> assertThat((String) key).doesNotContain(".dataSource."));
  }

  @Test
  void what_would_break_the_promise_cannot_be_said() {
    assertThat(faults(Map.of("org.quartz.jobStore.isClustered", "false"))).hasSize(1);
    assertThat(faults(Map.of("org.quartz.jobStore.useProperties", "false"))).hasSize(1);
    assertThat(faults(Map.of("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore")))
        .hasSize(1);
    assertThat(faults(Map.of("org.quartz.jobStore.tablePrefix", "x; DROP"))).hasSize(1);
    assertThat(faults(Map.of("org.quartz.dataSource.carillon.user", "me"))).hasSize(1);
    assertThat(faults(Map.of("carillon.api.maxBulkBody", "2KB"))).hasSize(1);
  }

  @Test
  void a_file_that_cannot_be_read_is_a_fault_like_others() {
    assertThatThrownBy(() -> Configuration.load(directory.resolve("none"), Map.of(), directory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("--config")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void control_characters_in_a_value_do_not_reach_the_terminal() {
    assertThatThrownBy(() -> Configuration.of(Map.of("carillon.http.port", "1\u001b[31m\nx")))
        .hasMessageContaining("1\\u001b[31m\\u000ax");
  }
}
