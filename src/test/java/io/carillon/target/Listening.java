package io.carillon.target;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import mockwebserver3.MockWebServer;

/** Loopback servers on free ports, never on one that the outbound rules close (as 33060). */
final class Listening {
  private static final EgressPolicy POLICY = EgressPolicy.of(List.of(), true);

  private Listening() {}

  static ServerSocket socket(int backlog) throws IOException {
    ServerSocket socket = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    if (POLICY.allowsPort(socket.getLocalPort())) {
      return socket;
    }
    try (socket) {
      return socket(backlog);
    }
  }

  static MockWebServer start(MockWebServer server) throws IOException {
    server.start();
    if (POLICY.allowsPort(server.getPort())) {
      return server;
    }
    try (server) {
      return start(new MockWebServer());
    }
  }
}
