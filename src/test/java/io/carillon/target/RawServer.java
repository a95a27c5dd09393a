package io.carillon.target;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A loopback server that reads a request's head and then does what a test says. */
final class RawServer implements AutoCloseable {
  /** What happens after the request's head was read; the socket is closed when it returns. */
  interface Behaviour {
    void answer(Socket socket, OutputStream out) throws Exception;
  }

  private final ServerSocket server = Listening.socket(50);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch closed;
  private final Behaviour behaviour;

  RawServer(Behaviour behaviour) throws IOException {
    this(behaviour, new CountDownLatch(1));
  }

  private RawServer(Behaviour behaviour, CountDownLatch closed) throws IOException {
    this.behaviour = behaviour;
    this.closed = closed;
    start("raw-server", this::accept);
  }

  /** Holds every answer back until it is closed, 20 s at most. */
  static RawServer hanging() throws IOException {
    CountDownLatch closed = new CountDownLatch(1);
    return new RawServer((socket, out) -> closed.await(20, TimeUnit.SECONDS), closed);
  }

  /** Says {@code text}, then waits until the test ends. */
  static Behaviour saying(String text) {
    return (socket, out) -> write(out, text);
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  int port() {
    return server.getLocalPort();
  }

  boolean awaitRequest() throws InterruptedException {
    return arrived.await(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      Socket socket = server.accept();
      open.add(socket);
      start("raw-server-connection", () -> serve(socket));
    }
  }

  private void serve(Socket socket) throws Exception {
    try (socket) {
      readHead(socket.getInputStream());
      arrived.countDown();
      behaviour.answer(socket, socket.getOutputStream());
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int matched = 0;
    for (int c = in.read(); c >= 0; c = in.read()) {
      matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
      if (matched == 4) {
        return;
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException e) {
                // The other side, or the test, has ended the connection: nothing is left to do.
                Thread.currentThread().interrupt();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
