package io.carillon.bench;

import io.carillon.harness.NodeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Our nodes: the real jar, each in a JVM of its own, on a schema of their own. For one thread;
 * closing ends the nodes and drops the schema.
 */
final class CarillonNodes implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Stage stage;
  private final DatabaseServer.Schema schema;
  private final List<JavaProcess> processes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private int started;

  private CarillonNodes(Stage stage) {
    this.stage = stage;
    this.schema = stage.database().create("bench_carillon");
  }

  /** So many nodes on an empty schema, ready to work. */
  static CarillonNodes start(Stage stage, int count) {
    CarillonNodes nodes = stage.set(new CarillonNodes(stage));
    nodes.grow(count);
    return nodes;
  }

  /** Starts more nodes until there are so many. */
  void grow(int count) {
    while (processes.size() < count) {
      int port = NodeBuilder.freePort();
      ports.add(port);
      processes.add(launch(port));
    }
    for (int i = 0; i < count; i++) {
      awaitReady(processes.get(i), ports.get(i));
    }
  }

  /** Ends all nodes in good order; the schema stays, and {@link #grow} starts others. */
  void end() {
    processes.forEach(stage::strike);
    processes.clear();
    ports.clear();
  }

  private JavaProcess launch(int port) {
    started++;
    Map<String, String> environment = new TreeMap<>();
    environment.put("CARILLON_HTTP_PORT", Integer.toString(port));
    environment.put("CARILLON_HTTP_HOST", "127.0.0.1");
    environment.put("CARILLON_NODE_NAME", "bench" + started);
    environment.put("ORG_QUARTZ_DATASOURCE_CARILLON_URL", schema.url());
    environment.put("ORG_QUARTZ_DATASOURCE_CARILLON_USER", schema.user());
    environment.put("ORG_QUARTZ_DATASOURCE_CARILLON_PASSWORD", schema.password());
    stage
        .options()
        .settings()
        .forEach(
            (key, value) -> environment.put(key.replace('.', '_').toUpperCase(Locale.ROOT), value));
    return stage.launch(
        "carillon" + started, false, List.of("-jar", stage.jar().toString()), environment);
  }

  private static void awaitReady(JavaProcess process, int port) {
    boolean ready =
        Pause.until(
            () -> {
              if (!process.alive()) {
                throw new BenchFault("A node ended" + process.story());
              }
              try (HttpLine line = new HttpLine(port)) {
                return line.get("/readyz").status() == 200;
              } catch (BenchFault notYet) {
                return false;
              }
            },
            POLL,
            READY);
    if (!ready) {
      throw new BenchFault("A node does not become ready" + process.story());
    }
  }

  DatabaseServer.Schema schema() {
    return schema;
  }

  List<Integer> ports() {
    return List.copyOf(ports);
  }

  List<Long> pids() {
    return processes.stream().map(JavaProcess::pid).toList();
  }

  /** The most memory that any of the nodes ever had resident, in MB. */
  long peakMegabytes() {
    return pids().stream().mapToLong(Processor::peakMegabytes).max().orElse(0);
  }

  /** Says what memory they took, and checks that none of them logged an error. */
  void require(Stage stage) {
    stage.page().remark("carillon: at most %d MB resident in a node", peakMegabytes());
    List<String> complaints =
        processes.stream()
            .flatMap(process -> process.read().lines())
            .filter(line -> line.contains(" ERROR ") || line.contains("OutOfMemory"))
            .limit(5)
            .toList();
    stage.checks().that(complaints.isEmpty(), "carillon logged: " + complaints);
  }

  @Override
  public void close() {
    end();
    stage.database().drop(schema);
  }
}
