package io.carillon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each case is a process of its own, since SLF4J chooses its provider once. */
class LoggingTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";

  private static String run(String format, String level) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Duser.timezone=Asia/Kolkata",
                "-Dfile.encoding=ISO-8859-1",
                "-cp",
                System.getProperty("java.class.path"),
                LogProbe.class.getName(),
                format,
                level)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return out;
  }

  private static List<JsonNode> json(String out) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : out.split("\n")) {
      nodes.add(mapper.readTree(line));
    }
    return nodes;
  }

  @Test
  void plain_lines_carry_time_thread_level_and_logger_and_cannot_be_forged() throws Exception {
    List<String> lines = run("PLAIN", "INFO").lines().toList();
    assertThat(lines.get(0))
        .matches(TIME + "\\[main] INFO LogProbe - job .*")
        .endsWith(
            " - job a\\r\\n2026-01-01T00:00:00.000Z [main] INFO forged \\u001b[31m\\u0085\\u202e\"q\\ done");
    assertThat(lines.get(1)).contains("späte 🔔 x").contains("j\\n1");
    assertThat(lines.get(2)).matches(TIME + "\\[main] ERROR LogProbe - failed");
    assertThat(lines.get(3))
        .isEqualTo("    java.lang.IllegalStateException: line one\\nline two \\u001b[2J");
    assertThat(lines.get(4)).startsWith("      at io.carillon.logging.LogProbe.main");
    assertThat(lines.get(5)).matches(TIME + "\\[main] WARN Javalin - a library's warning");
    assertThat(lines).hasSize(6);
    assertThat(Instant.parse(lines.get(0).substring(0, 24)))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5));
  }

  @Test
  void json_lines_are_objects_with_the_text_as_it_was() throws Exception {
    String out = run("JSON", "INFO");
    assertThat(out).doesNotContain("\u001b").doesNotContain("\r").doesNotContain("\u202e");
    List<JsonNode> lines = json(out);
    assertThat(lines).hasSize(4);
    JsonNode first = lines.get(0);
    assertThat(Instant.parse(first.get("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5));
    assertThat(first.get("level").asText()).isEqualTo("INFO");
    assertThat(first.get("logger").asText()).isEqualTo("io.carillon.logging.LogProbe");
    assertThat(first.get("thread").asText()).isEqualTo("main");
    assertThat(first.get("message").asText())
        .isEqualTo(
            "job a\r\n2026-01-01T00:00:00.000Z [main] INFO forged \u001b[31m\u0085\u202e\"q\\ done");
    assertThat(lines.get(1).get("message").asText()).isEqualTo("späte 🔔 x");
    assertThat(lines.get(1).get("job").asText()).isEqualTo("j\n1");
    assertThat(lines.get(1).get("ms").asLong()).isEqualTo(12);
    assertThat(lines.get(2).get("error").asText())
        .startsWith("java.lang.IllegalStateException: line one\nline two")
        .contains("at io.carillon.logging.LogProbe.main");
    assertThat(lines.get(3).get("message").asText()).isEqualTo("a library's warning");
  }

  @Test
  void the_level_is_that_of_our_own_lines() throws Exception {
    assertThat(run("PLAIN", "DEBUG")).contains("a debug line").doesNotContain("chatter");
    assertThat(json(run("JSON", "DEBUG")).get(0).get("message").asText()).isEqualTo("a debug line");
    assertThat(json(run("JSON", "ERROR"))).hasSize(1);
    assertThat(run("PLAIN", "ERROR").lines().filter(line -> line.matches(TIME + ".*"))).hasSize(1);
  }
}
