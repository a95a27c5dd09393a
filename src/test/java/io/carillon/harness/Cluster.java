package io.carillon.harness;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Several nodes on one database. For one test thread; closing ends all of them. */
public final class Cluster implements AutoCloseable {
  private final List<NodeProcess> nodes;

  private Cluster(List<NodeProcess> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** Starts so many nodes at the same moment and waits until each is ready. */
  public static Cluster start(int count, String url, String user, String password) {
    Cluster cluster =
        new Cluster(
            IntStream.rangeClosed(1, count)
                .mapToObj(n -> NodeProcess.named("node" + n).database(url, user, password))
                .map(NodeBuilder::build)
                .toList());
    try {
      cluster.nodes.forEach(NodeProcess::start);
      cluster.nodes.forEach(node -> node.awaitReady(Duration.ofSeconds(60)));
      return cluster;
    } catch (AssertionError | RuntimeException fault) {
      cluster.close();
      throw fault;
    }
  }

  public NodeProcess node(int index) {
    return nodes.get(index);
  }

  public JsonApi api(int index) {
    return nodes.get(index).api();
  }

  public List<JsonApi> apis() {
    return nodes.stream().map(NodeProcess::api).toList();
  }

  /** Starts again whatever has ended, and waits until it is ready. */
  public void heal() {
    List<NodeProcess> ended = nodes.stream().filter(node -> !node.isAlive()).toList();
    ended.forEach(NodeProcess::start);
    ended.forEach(node -> node.awaitReady(Duration.ofSeconds(30)));
  }

  /** The last lines of every node, for the message of a failure. */
  public String story() {
    return String.join("", nodes.stream().map(NodeProcess::story).toList());
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
  }
}
