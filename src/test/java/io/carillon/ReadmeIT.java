package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.carillon.ReadmeShell.Result;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md, executed as printed against the real jar. */
@Timeout(240)
class ReadmeIT {
  private static final Path README = Path.of("README.md");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Duration READY = Duration.ofSeconds(60);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  @Test
  void every_example_prints_what_is_shown() throws Exception {
    List<ReadmeBlock> blocks = ReadmeBlock.of(Files.readString(README));
    assertThat(blocks).hasSizeGreaterThan(15);
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try (NodeProcess open = mailing(mail).argument("--demo").start();
        NodeProcess guarded = guarded();
        ReadmeShell shell = new ReadmeShell(Path.of("").toAbsolutePath())) {
      open.awaitReady(READY);
      guarded.start().awaitReady(READY);
      for (ReadmeBlock block : blocks) {
        check(block, block.withKeys() ? guarded : open, shell);
      }
      assertThat(mail.getReceivedMessages())
          .extracting(MimeMessage::getSubject)
          .containsExactly("Event reminder", "Event reminder");
    } finally {
      mail.stop();
    }
  }

  private static NodeBuilder mailing(GreenMail server) {
    return NodeProcess.named("readme")
        .environment("CARILLON_SECRETS_KEY", "main:" + "A".repeat(43) + "=")
        .environment("CARILLON_MAIL_HOST", "127.0.0.1")
        .environment("CARILLON_MAIL_PORT", Integer.toString(server.getSmtp().getPort()))
        .environment("CARILLON_MAIL_TLS", "none")
        .environment("CARILLON_MAIL_FROM", "Shop <desk@shop.example>");
  }

  /** The key in the README's own command starts this one. */
  private static NodeProcess guarded() throws IOException {
    String assignment =
        ReadmeBlock.commands(Files.readString(README)).stream()
            .filter(line -> line.contains("CARILLON_API_KEYS=") && line.contains("java -jar"))
            .findFirst()
            .orElseThrow();
    String key = assignment.replaceFirst(".*CARILLON_API_KEYS=(\\S+).*", "$1");
    return NodeProcess.named("readme-keys").environment("CARILLON_API_KEYS", key).build();
  }

  private static void check(ReadmeBlock block, NodeProcess node, ReadmeShell shell)
      throws IOException, InterruptedException {
    String command = block.command().replace(":8080", ":" + node.port());
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Result result = shell.run(command);
    while (!agrees(block, result, node) && block.reads() && System.nanoTime() < deadline) {
      result = shell.run(command);
    }
    assertThat(agrees(block, result, node))
        .as(
            "README.md line %d%n%s%n--- shown:%n%s%n--- printed (exit code %d):%n%s%s",
            block.line(),
            block.command(),
            block.output(),
            result.exitCode(),
            result.output(),
            node.story())
        .isTrue();
  }

  private static boolean agrees(ReadmeBlock block, Result result, NodeProcess node) {
    String printed = result.output().replace(":" + node.port(), ":8080");
    return result.exitCode() == 0
        && (block.output() == null
            ? printed.isBlank()
            : ReadmeOutput.matches(block.output(), printed));
  }

  @Test
  void the_two_commands_of_the_start_are_what_the_build_makes() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String name = pom.replaceFirst("(?s).*<finalName>(\\w+)</finalName>.*", "$1");
    List<String> commands = ReadmeBlock.commands(Files.readString(README));

    assertThat(commands)
        .containsSubsequence(
            "mvn -q -DskipTests package", "java -jar target/" + name + ".jar --demo");
    assertThat(Path.of("target", name + ".jar")).exists();
  }

  @Test
  void the_command_that_tests_is_the_one_that_ci_runs() throws IOException {
    assertThat(Files.readString(Path.of(".ci", "run"))).contains("mvn -B -ntp verify");
    assertThat(ReadmeBlock.commands(Files.readString(README)))
        .contains("mvn -B -ntp verify", ".ci/run");
  }

  @Test
  void every_file_that_the_documents_link_to_exists() throws IOException {
    try (Stream<Path> documents = Files.walk(Path.of("src", "docs"))) {
      Stream.concat(Stream.of(README), documents.filter(file -> file.toString().endsWith(".md")))
          .forEach(ReadmeIT::checkLinks);
    }
  }

  private static void checkLinks(Path document) {
    try {
      Path folder = document.toAbsolutePath().getParent();
      assertThat(LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)))
          .as(document.toString())
          .allSatisfy(link -> assertThat(folder.resolve(link).normalize()).exists());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
