package io.carillon.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static Path jar;

  @BeforeAll
  static void package_the_stub() throws IOException {
    jar = folder.resolve("stub.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StubNode.class.getName());
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String name : List.of("StubNode", "StubNode$StubFault")) {
        String path = "io/carillon/harness/" + name + ".class";
        out.putNextEntry(new JarEntry(path));
        try (InputStream in = StubNode.class.getResourceAsStream("/" + path)) {
          in.transferTo(out);
        }
      }
    }
  }

  @Test
  void is_ready_when_the_process_answers_and_ends_with_zero_when_asked() {
    try (NodeProcess node = stub().start()) {
      node.awaitReady(LIMIT);

      assertThat(node.api().get("/anything").body().path("ok").asBoolean()).isTrue();
      node.term();
      assertThat(node.awaitExit(LIMIT)).isZero();
    }
  }

  @Test
  void starts_again_on_the_same_port_after_a_kill() {
    try (NodeProcess node = stub().start()) {
      node.awaitReady(LIMIT);
      long first = node.pid();
      node.kill9();
      assertThat(node.isAlive()).isFalse();

      node.start().awaitReady(LIMIT);

      assertThat(node.pid()).isNotEqualTo(first);
    }
  }

  @Test
  void a_stopped_process_answers_nothing_until_it_may_go_on() {
    try (NodeProcess node = stub().start()) {
      node.awaitReady(LIMIT);
      node.stop();
      assertThatThrownBy(() -> node.awaitExit(Duration.ofMillis(200)))
          .isInstanceOf(AssertionError.class);
      assertThat(node.isAlive()).isTrue();

      node.cont();

      assertThat(node.isReady()).isTrue();
    }
  }

  @Test
  void a_failed_start_is_told_at_once_with_the_output() {
    try (NodeProcess node = stub().argument("fail").start()) {
      assertThatThrownBy(() -> node.awaitReady(LIMIT))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the reason of the failure")
          .hasMessageContaining("ended with 1");
    }
  }

  @Test
  void closing_ends_the_children_of_a_killed_process() {
    ProcessHandle child;
    try (NodeProcess node = stub().argument("child").start()) {
      node.awaitReady(LIMIT);
      child = ProcessHandle.of(node.pid()).orElseThrow().children().findFirst().orElseThrow();
      node.kill9();
      assertThat(child.isAlive()).isTrue();
    }
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void settings_follow_those_of_the_shipped_file() throws IOException {
    NodeProcess node = stub().setting("carillon.drain.timeout", "3s").build();

    assertThat(Files.readString(node.directory().resolve("quartz.properties")))
        .endsWith("carillon.drain.timeout = 3s\n");
  }

  private static NodeBuilder stub() {
    return NodeProcess.named("stub").jar(jar);
  }
}
