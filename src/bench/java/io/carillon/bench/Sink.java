package io.carillon.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What our jobs call in {@code --target http}: it answers 200 at once and notes which job called,
 * by the number that ends the path, and when. One thread serves all connections. Thread-safe.
 */
final class Sink implements AutoCloseable {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_JOBS = 1 << 18;
  private static final int LARGEST_REQUEST = 16 * 1024;

  private final AtomicIntegerArray calls = new AtomicIntegerArray(MOST_JOBS);
  private final AtomicLongArray firstCall = new AtomicLongArray(MOST_JOBS);
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final Thread thread;
  private volatile String fault = "";

  private Sink() throws IOException {
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    thread = new Thread(this::serve, "bench-sink");
    thread.setDaemon(true);
  }

  static Sink start() {
    try {
      Sink sink = new Sink();
      sink.thread.start();
      return sink;
    } catch (IOException fault) {
      throw new BenchFault("The target does not start", fault);
    }
  }

  /** The target of the job with that number, as JSON. */
  String target(int number) {
    return "{\"type\":\"http\",\"method\":\"POST\",\"url\":\"http://127.0.0.1:"
        + listener.socket().getLocalPort()
        + "/n/"
        + number
        + "\",\"body\":{\"n\":"
        + number
        + "}}";
  }

  void forget() {
    for (int i = 0; i < MOST_JOBS; i++) {
      calls.set(i, 0);
      firstCall.set(i, 0);
    }
  }

  /** When the job with that number called first, in milliseconds since 1970; 0 if it did not. */
  long firstCall(int number) {
    return firstCall.get(number);
  }

  /** Checks that each of so many jobs called once. */
  void require(Checks checks, int jobs) {
    int never = 0;
    int twice = 0;
    for (int n = 0; n < jobs; n++) {
      never += calls.get(n) == 0 ? 1 : 0;
      twice += calls.get(n) > 1 ? 1 : 0;
    }
    checks.that(
        never == 0 && twice == 0 && fault.isEmpty(),
        "target: of %d jobs %d never called, %d more than once %s"
            .formatted(jobs, never, twice, fault));
  }

  private void serve() {
    try {
      while (listener.isOpen()) {
        selector.select(1_000);
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isAcceptable()) {
            accept();
          } else if (key.isValid() && key.isReadable()) {
            read(key);
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException | RuntimeException broken) {
      if (listener.isOpen()) {
        fault = broken.toString();
      }
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listener.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LARGEST_REQUEST));
    }
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    ByteBuffer buffer = (ByteBuffer) key.attachment();
    try {
      if (channel.read(buffer) < 0) {
        channel.close();
        return;
      }
      for (int length = SinkRequest.length(buffer);
          length > 0;
          length = SinkRequest.length(buffer)) {
        note(SinkRequest.number(buffer));
        drop(buffer, length);
        channel.write(ByteBuffer.wrap(OK)); // 38 bytes always fit a socket that was just read
      }
    } catch (IOException hungUp) {
      channel.close();
    }
  }

  private void note(int number) {
    if (calls.incrementAndGet(number) == 1) {
      firstCall.set(number, Pause.now().toEpochMilli());
    }
  }

  private static void drop(ByteBuffer buffer, int length) {
    buffer.flip();
    buffer.position(length);
    buffer.compact();
  }

  @Override
  public void close() {
    try {
      listener.close();
      selector.wakeup();
      thread.join(5_000);
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException broken) {
      throw new BenchFault("Closing the target", broken);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
