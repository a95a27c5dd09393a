package io.carillon.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ComposeFileTest {
  private static final Path FILE = Path.of("docker-compose.yml");
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final Map<String, String> KEYS = Map.of("CARILLON_API_KEYS", "a-key-for-the-test");

  @TempDir Path folder;

  @Test
  void three_equal_nodes_each_with_a_health_check_and_time_to_drain() throws Exception {
    JsonNode services = resolved();

    for (String name : NODES) {
      JsonNode node = services.path(name);
      assertThat(node.path("image").asText()).isEqualTo("carillon:local");
      assertThat(node.path("healthcheck").path("test").toString()).contains("/readyz");
      assertThat(node.path("stop_grace_period").asText()).isEqualTo("30s");
      assertThat(node.path("environment").path("CARILLON_API_KEYS").asText())
          .isEqualTo("a-key-for-the-test");
      assertThat(node.path("environment").path("ORG_QUARTZ_DATASOURCE_CARILLON_URL").asText())
          .isEqualTo("jdbc:mysql://mysql:3306/carillon");
      assertThat(node.path("depends_on").path("mysql").path("condition").asText())
          .isEqualTo("service_healthy");
    }
    assertThat(services.path("node1").path("environment"))
        .isEqualTo(services.path("node3").path("environment"));
  }

  @Test
  void one_durable_mysql_that_only_the_containers_reach() throws Exception {
    JsonNode mysql = resolved().path("mysql");

    assertThat(mysql.path("image").asText()).isEqualTo("mysql:8.4");
    assertThat(mysql.path("command").toString())
        .contains("--innodb-flush-log-at-trx-commit=1")
        .contains("--character-set-server=utf8mb4");
    assertThat(mysql.has("ports")).isFalse();
    assertThat(mysql.path("healthcheck").has("test")).isTrue();
  }

  @Test
  void only_the_balancer_has_a_port_and_only_on_loopback() throws Exception {
    JsonNode services = resolved();

    services
        .properties()
        .forEach(
            each ->
                assertThat(each.getValue().has("ports"))
                    .as(each.getKey())
                    .isEqualTo(each.getKey().equals("nginx")));
    // A short form in some versions of the tool, and an object in others.
    assertThat(services.path("nginx").path("ports").toString()).contains("127.0.0.1");
    assertThat(services.path("nginx").path("image").asText()).startsWith("nginx:");
  }

  @Test
  void without_keys_nothing_starts_and_the_message_says_why() throws Exception {
    Tool.Result result = Tool.compose(folder, Map.of(), "-f", absolute(), "config");
    assumeTrue(result.installed(), Tool.NO_COMPOSE);

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("choose a long random key");
  }

  @Test
  void the_text_holds_no_secret_and_no_port_of_the_database() throws IOException {
    String text = Files.readString(FILE);

    assertThat(text)
        .contains("${CARILLON_API_KEYS:?")
        .contains("image: mysql:8.4")
        .doesNotContain("3306:3306")
        .doesNotContain("MYSQL_ROOT_PASSWORD");
    for (String node : NODES) {
      assertThat(text).contains("\n  " + node + ":\n");
    }
  }

  @Test
  void the_balancer_knows_every_node_and_never_repeats_what_was_accepted() throws IOException {
    String nginx = Files.readString(Path.of("src/docker/nginx.conf"));
    String directives = nginx.replaceAll("(?m)^\\s*#.*$", "");

    for (String node : NODES) {
      assertThat(directives).contains("server " + node + ":8080 max_fails=1 fail_timeout=2s");
    }
    assertThat(directives)
        .contains("proxy_next_upstream error timeout http_503;")
        .contains("proxy_set_header Upgrade $http_upgrade;")
        .doesNotContain("non_idempotent")
        .doesNotContain("ip_hash")
        .doesNotContain("sticky");
  }

  @Test
  void the_image_runs_java_25_as_nobody_in_particular_without_the_embedded_database()
      throws IOException {
    String dockerfile = Files.readString(Path.of("src/docker/Dockerfile"));
    String instructions = dockerfile.replaceAll("(?m)^#.*$", "");

    assertThat(instructions)
        .contains("FROM eclipse-temurin:25-jre")
        .contains("USER 10001")
        .contains("STOPSIGNAL SIGTERM")
        .contains("-XX:+ExitOnOutOfMemoryError")
        .contains("ENTRYPOINT [\"java\"")
        .doesNotContain("embedded");
  }

  private String absolute() {
    return FILE.toAbsolutePath().toString();
  }

  /** The services as the tool understands them: anchors merged, variables put in. */
  private JsonNode resolved() throws IOException, InterruptedException {
    Tool.Result result = Tool.compose(folder, KEYS, "-f", absolute(), "config");
    assumeTrue(result.installed(), Tool.NO_COMPOSE);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return new YAMLMapper().readTree(result.output()).path("services");
  }
}
