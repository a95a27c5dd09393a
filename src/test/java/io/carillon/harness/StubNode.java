package io.carillon.harness;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for the server where the harness itself is tested: listens on {@code
 * CARILLON_HTTP_PORT}, answers 200 to everything, leaves a child process behind with the argument
 * {@code child}, exits with 1 with the argument {@code fail}, and with 0 when asked to end.
 */
final class StubNode {
  private StubNode() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String argument = arguments.length == 0 ? "" : arguments[0];
    if (argument.equals("fail")) {
      throw new StubFault("the reason of the failure");
    }
    if (argument.equals("child")) {
      new ProcessBuilder("sleep", "300").start();
    }
    int port = Integer.parseInt(System.getenv("CARILLON_HTTP_PORT"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
    byte[] answer = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "end"));
    server.start();
    boolean asked = new CountDownLatch(1).await(5, TimeUnit.MINUTES);
    Runtime.getRuntime().halt(asked ? 0 : 3);
  }

  /** Ends the stub with exit code 1 and a message on its output. */
  private static final class StubFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StubFault(String message) {
      super(message);
    }
  }
}
