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
  private static final int BLOCK = 8 * 1024;

  private final InetSocketAddress behind;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger threads = new AtomicInteger();

  // Guarded by lock: the mode, the listener and whether this proxy is closed.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Mode mode = new Mode(Duration.ZERO, 0, false);
  private @Nullable ServerSocket listener;
  private boolean closed;

  /** Delay per block, bytes per second (0: as many as come), and whether nothing passes at all. */
  private record Mode(Duration delay, int rate, boolean silent) {}

  private ChaosProxy(InetSocketAddress behind) throws IOException {
    this.behind = behind;
    this.listener = listen(0);
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
    change(new Mode(Duration.ZERO, 0, false));
  }

  /** Holds each block of bytes, in both directions, for this long. */
  public void delay(Duration delay) {
    change(new Mode(delay, 0, false));
  }

  /** Passes so many bytes per second and direction. */
  public void rate(int bytesPerSecond) {
    change(new Mode(Duration.ZERO, bytesPerSecond, false));
  }

  /** Takes connections and bytes, and passes nothing on until told otherwise. */
  public void blackHole() {
    change(new Mode(Duration.ZERO, 0, true));
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

  private void change(Mode next) {
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

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(behind, 2_000);
    } catch (IOException unreachable) {
      breakOff(client);
      // Takes no options any more, so it must not be broken off.
      end(server);
      return;
    }
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    AtomicInteger directions = new AtomicInteger(2);
    run(() -> pump(client, server, directions));
    run(() -> pump(server, client, directions));
  }

  private void pump(Socket from, Socket to, AtomicInteger directions)
      throws IOException, InterruptedException {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] block = new byte[BLOCK];
      for (int count = in.read(block); count >= 0 && hold(count); count = in.read(block)) {
        out.write(block, 0, count);
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

  /** Waits as the mode says; false when this proxy was closed meanwhile. */
  private boolean hold(int bytes) throws InterruptedException {
    lock.lock();
    try {
      while (mode.silent() && !closed) {
        changed.await();
      }
      long nanos = mode.delay().toNanos();
      if (mode.rate() > 0) {
        nanos += bytes * 1_000_000_000L / mode.rate();
      }
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
