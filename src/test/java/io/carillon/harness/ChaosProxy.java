package io.carillon.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that can be told to be slow, silent, rude or gone. It passes everything
 * until told otherwise. A change holds for open connections too, from their next block of bytes on.
 * Thread-safe; closing is idempotent and breaks every connection.
 */
public final class ChaosProxy implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  private final InetSocketAddress behind;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger threads = new AtomicInteger();

  // Guarded by lock: the mode, the listener and whether this proxy is closed.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Passage mode = Passage.OPEN;
  private final Map<Way, Long> cuts = new EnumMap<>(Way.class);
  private @Nullable ServerSocket listener;
  private boolean closed;

  /** Which way bytes go. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  private ChaosProxy(InetSocketAddress behind) throws IOException {
    this.behind = behind;
    this.listener = listen(NodeBuilder.freePort());
    this.port = listener.getLocalPort();
    acceptFrom(listener);
  }

  /** Starts a proxy before a server on loopback. */
  public static ChaosProxy before(int serverPort) throws IOException {
    return new ChaosProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
  }

  public int port() {
    return port;
  }

  /** Passes everything again, and listens again if it did not. */
  public void pass() {
    change(Passage.OPEN);
  }

  /** Holds each burst of bytes, in both directions, for this long. */
  public void delay(Duration delay) {
    delay(delay, Duration.ZERO);
  }

  /** Holds each burst of bytes, in both directions, for this long, give or take the jitter. */
  public void delay(Duration delay, Duration jitter) {
    change(new Passage(delay, jitter, 0, false));
  }

  /** Passes so many bytes per second and direction. */
  public void rate(int bytesPerSecond) {
    change(new Passage(Duration.ZERO, Duration.ZERO, bytesPerSecond, false));
  }

  /** Takes connections and bytes, and passes nothing on until told otherwise. */
  public void blackHole() {
    change(new Passage(Duration.ZERO, Duration.ZERO, 0, true));
  }

  /**
   * Lets so many more bytes pass this way, over all connections together, and then breaks the
   * connection that carries the next one: its receiver gets the bytes before it, and the end. Once;
   * all else goes on.
   */
  public void cutAt(Way way, long bytes) {
    lock.lock();
    try {
      cuts.put(way, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Breaks every open connection with an RST; new ones are taken. */
  public void reset() throws IOException {
    for (Socket socket : open) {
      breakOff(socket);
    }
  }

  /** Breaks every open connection and refuses new ones until {@link #pass()}. */
  public void refuse() throws IOException {
    lock.lock();
    try {
      if (listener != null) {
        listener.close();
        listener = null;
      }
    } finally {
      lock.unlock();
    }
    reset();
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    refuse();
  }

  private void change(Passage next) {
    lock.lock();
    try {
      mode = next;
      if (listener == null && !closed) {
        listener = listen(port);
        acceptFrom(listener);
      }
      changed.signalAll();
    } catch (IOException fault) {
      throw new UncheckedIOException("Listening again on " + port, fault);
    } finally {
      lock.unlock();
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    return socket;
  }

  private void acceptFrom(ServerSocket from) {
    run(
        () -> {
          while (!from.isClosed()) {
            connect(from.accept());
          }
        });
  }

  /** Whatever becomes of one connection, the next one is taken. */
  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(behind, 2_000);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException unreachableOrReset) {
      breakOff(client);
      breakOff(server);
      return;
    }
    AtomicInteger directions = new AtomicInteger(2);
    run(() -> pump(Way.TO_SERVER, client, server, directions));
    run(() -> pump(Way.TO_CLIENT, server, client, directions));
  }

  private void pump(Way way, Socket from, Socket to, AtomicInteger directions)
      throws IOException, InterruptedException {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] block = new byte[BLOCK];
      boolean begins = true;
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        if (!hold(count, begins)) {
          return;
        }
        // What came while this block was held belongs to the same burst; what comes once it is
        // written may be its answer.
        begins = in.available() == 0;
        int passing = passing(way, count);
        out.write(block, 0, passing);
        if (passing < count) {
          end(to);
          breakOff(from);
          return;
        }
      }
      if (!hold(0, false)) {
        return;
      }
      to.shutdownOutput();
      if (directions.decrementAndGet() == 0) {
        end(from);
        end(to);
      }
    } catch (IOException broken) {
      breakOff(from);
      breakOff(to);
    }
  }

  /** How many of these bytes may pass before a cut; all of them where none is due. */
  private int passing(Way way, int count) {
    lock.lock();
    try {
      Long left = cuts.get(way);
      if (left == null) {
        return count;
      }
      if (left < count) {
        cuts.remove(way);
        return left.intValue();
      }
      cuts.put(way, left - count);
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Waits as the mode says; false when this proxy was closed meanwhile. */
  private boolean hold(int bytes, boolean begins) throws InterruptedException {
    lock.lock();
    try {
      while (mode.silent() && !closed) {
        changed.await();
      }
      long nanos = mode.nanosFor(bytes, begins);
      while (nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever takes a socket out of the open ones closes it, so that it is closed once. */
  private void end(Socket socket) throws IOException {
    if (open.remove(socket)) {
      socket.close();
    }
  }

  private void breakOff(Socket socket) throws IOException {
    if (open.remove(socket)) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException closed) {
        // A connect that fails closes its socket before anybody here can.
      }
      socket.close();
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ended) {
                // The listener was closed, or a connection could not be prepared: this thread's
                // end.
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              }
            },
            "chaos-" + port + "-" + threads.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }
}
