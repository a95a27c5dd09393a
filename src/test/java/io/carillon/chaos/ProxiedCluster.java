package io.carillon.chaos;

import io.carillon.db.CrashableDatabase;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Canary;
import io.carillon.harness.ChaosProxy;
import io.carillon.harness.JsonApi;
import io.carillon.harness.NodeBuilder;
import io.carillon.harness.NodeProcess;
import io.carillon.harness.Records;
import io.carillon.harness.TargetServer;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that reach one database through a proxy each, and the target they call. For one test
 * thread; closing ends everything, and the database last if it was made for this cluster or handed
 * over to it.
 */
final class ProxiedCluster implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);

  private final List<ChaosProxy> proxies = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final TargetServer target;
  private final TargetServer recurringTarget;
  private final TargetServer successorTarget;
  private final Access database;
  private final Runnable last;
  private @Nullable Canary canary;

  private ProxiedCluster(Access database, Runnable last) throws IOException {
    this.database = database;
    this.last = last;
    this.target = TargetServer.start();
    this.recurringTarget = TargetServer.start();
    this.successorTarget = TargetServer.start();
  }

  /** A database as nodes are told of it. */
  record Access(String url, String user, String password) {
    int port() {
      return URI.create(url.substring("jdbc:".length())).getPort();
    }

    Connection open() throws SQLException {
      return DriverManager.getConnection(url, user, password);
    }

    String through(ChaosProxy proxy) {
      return url.replaceFirst("//[^/]+/", "//127.0.0.1:" + proxy.port() + "/");
    }
  }

  /** Three nodes as shipped, on a database of their own. */
  static ProxiedCluster ofThree() throws IOException {
    return ofThree(Map.of());
  }

  /** Three nodes with these settings besides, on a database of their own. */
  static ProxiedCluster ofThree(Map<String, String> environment) throws IOException {
    TestDatabase database = TestDatabase.create();
    return start(3, accessTo(database), environment, database::close);
  }

  /** Three nodes as shipped, which take over the database. */
  static ProxiedCluster ofThree(CrashableDatabase database) throws IOException {
    Access access = new Access(database.url(), database.user(), database.password());
    return start(3, access, Map.of(), database::close);
  }

  static Access accessTo(TestDatabase database) {
    return new Access(database.url(), database.user(), database.password());
  }

  /** Starts so many nodes at the same moment and waits until each is ready. */
  static ProxiedCluster start(int count, Access database, Map<String, String> environment)
      throws IOException {
    return start(count, database, environment, () -> {});
  }

  private static ProxiedCluster start(
      int count, Access database, Map<String, String> environment, Runnable last)
      throws IOException {
    ProxiedCluster cluster = new ProxiedCluster(database, last);
    try {
      for (int n = 1; n <= count; n++) {
        ChaosProxy proxy = ChaosProxy.before(database.port());
        cluster.proxies.add(proxy);
        NodeBuilder builder =
            NodeProcess.named("chaos" + n)
                .database(database.through(proxy), database.user(), database.password());
        environment.forEach(builder::environment);
        cluster.nodes.add(builder.build());
      }
      cluster.nodes.forEach(NodeProcess::start);
      cluster.nodes.forEach(node -> node.awaitReady(READY));
      cluster.canary = Canary.start();
      return cluster;
    } catch (AssertionError | RuntimeException | IOException fault) {
      cluster.close();
      throw fault;
    }
  }

  TargetServer target() {
    return target;
  }

  /** What recurring jobs call, so that they have a ledger of their own. */
  TargetServer recurringTarget() {
    return recurringTarget;
  }

  /** What is called when another call has succeeded, likewise. */
  TargetServer successorTarget() {
    return successorTarget;
  }

  /** The database itself, not through a proxy. */
  Access database() {
    return database;
  }

  /** The database, asked directly and not through a proxy. */
  Records records() {
    return new Records(database::open);
  }

  /** Has felt how the machine is since the nodes were ready. */
  Canary canary() {
    return Objects.requireNonNull(canary);
  }

  ChaosProxy proxy(int node) {
    return proxies.get(node);
  }

  List<ChaosProxy> proxies() {
    return List.copyOf(proxies);
  }

  NodeProcess node(int node) {
    return nodes.get(node);
  }

  JsonApi api(int node) {
    return nodes.get(node).api();
  }

  List<JsonApi> apis() {
    return nodes.stream().map(NodeProcess::api).toList();
  }

  /** The instance name under which a node fires now. */
  String instanceName(int node) {
    return api(node).get("/healthz").body().at("/details/node/name").asText();
  }

  int inFlight(int node) {
    return api(node).get("/healthz").body().at("/details/node/inFlight").asInt();
  }

  /** The last lines of every node, for the message of a failure. */
  String story() {
    return String.join("", nodes.stream().map(NodeProcess::story).toList());
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(NodeProcess::close);
    for (ChaosProxy proxy : proxies) {
      proxy.close();
    }
    if (canary != null) {
      canary.close();
    }
    target.close();
    recurringTarget.close();
    successorTarget.close();
    last.run();
  }
}
