package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a node is started with. Its defaults give one node on its own embedded database. */
public final class NodeBuilder {
  private static final Path FOLDER = Path.of("target", "harness");
  private static final int FIRST_PORT = 15_000;
  private static final int LAST_PORT = 32_000;
  private static final int MOST_PORTS_TRIED = 50;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
  private static final Path SHIPPED = Path.of("quartz.properties");

  private final String name;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> settings = new ArrayList<>();
  private final List<String> jvmOptions =
      new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
  private final List<String> arguments = new ArrayList<>();
  private Path jar = Path.of(System.getProperty("carillon.jar", "target/carillon.jar"));
  private @Nullable Path directory;
  private int port;
  private boolean sharesClasses = true;

  NodeBuilder(String name) {
    this.name = name;
  }

  public NodeBuilder environment(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** A line for the node's {@code quartz.properties}, after those of the shipped file. */
  public NodeBuilder setting(String key, String value) {
    settings.add(key + " = " + value);
    return this;
  }

  /** Joins the nodes that share this database, in place of an embedded one. */
  public NodeBuilder database(String url, String user, String password) {
    return environment("ORG_QUARTZ_DATASOURCE_CARILLON_URL", url)
        .environment("ORG_QUARTZ_DATASOURCE_CARILLON_USER", user)
        .environment("ORG_QUARTZ_DATASOURCE_CARILLON_PASSWORD", password);
  }

  public NodeBuilder jvmOption(String option) {
    jvmOptions.add(option);
    return this;
  }

  public NodeBuilder argument(String argument) {
    arguments.add(argument);
    return this;
  }

  /** A fixed port, in place of a free one. */
  public NodeBuilder port(int fixed) {
    port = fixed;
    return this;
  }

  /** An existing working directory, in place of a new one. */
  public NodeBuilder directory(Path existing) {
    directory = existing;
    return this;
  }

  NodeBuilder jar(Path other) {
    jar = other;
    return alone();
  }

  /** Its JVM reads all classes itself. */
  NodeBuilder alone() {
    sharesClasses = false;
    return this;
  }

  /** Makes the working directory and its configuration; the process is not started yet. */
  public NodeProcess build() {
    int chosen = port == 0 ? freePort() : port;
    try {
      Path home = directory == null ? newDirectory() : directory;
      writeSettings(home);
      Map<String, String> variables = new TreeMap<>(environment);
      variables.putIfAbsent("CARILLON_HTTP_PORT", Integer.toString(chosen));
      variables.putIfAbsent("CARILLON_HTTP_HOST", "127.0.0.1");
      variables.putIfAbsent("CARILLON_DATA_DIR", home.resolve("data").toString());
      return new NodeProcess(name, chosen, home, command(), variables);
    } catch (IOException fault) {
      throw new UncheckedIOException("Preparing " + name, fault);
    }
  }

  public NodeProcess start() {
    return build().start();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    if (sharesClasses && Files.exists(jar)) {
      command.addAll(SharedClasses.options(FOLDER, jar, new NodeBuilder("classes").alone()));
    }
    command.add("-jar");
    command.add(jar.toAbsolutePath().toString());
    command.addAll(arguments);
    return command;
  }

  private void writeSettings(Path home) throws IOException {
    String shipped = Files.exists(SHIPPED) ? Files.readString(SHIPPED) : "";
    String own = String.join("\n", settings) + "\n";
    Files.write(home.resolve("quartz.properties"), (shipped + "\n" + own).getBytes(UTF_8));
  }

  private Path newDirectory() throws IOException {
    Files.createDirectories(FOLDER);
    return Files.createTempDirectory(FOLDER, name + "-").toAbsolutePath();
  }

  /**
   * A port on loopback that was free a moment ago, and stays so for a while: it lies below those
   * that a system gives to outgoing connections, so that whoever listens here can end and come
   * back, and is given only once.
   */
  public static int freePort() {
    IOException last = new IOException("all that were tried had been given");
    for (int tried = 1; tried <= MOST_PORTS_TRIED; tried++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      if (GIVEN.add(port)) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          return probe.getLocalPort();
        } catch (IOException taken) {
          last = taken;
        }
      }
    }
    throw new UncheckedIOException("Looking for a free port", last);
  }
}
