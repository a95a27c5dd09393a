package io.carillon.harness;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the servers under test call: an HTTP/1.1 server on loopback whose paths behave well or badly
 * on demand ({@link TargetPaths}), and which writes every arrival to its {@link Ledger} before it
 * answers.
 *
 * <p>It stands on plain sockets, since a proper server cannot be told to break a chunk or reset a
 * connection. One thread per connection, at most {@value #CONNECTIONS}; a connection beyond that is
 * closed at once. Thread-safe; closing is idempotent and ends every connection.
 */
public final class TargetServer implements AutoCloseable {
  static final int CONNECTIONS = 4_000;
  private static final long STACK_BYTES = 128 * 1024;

  private final Ledger ledger = new Ledger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final TargetPaths paths = new TargetPaths(closing);
  private final AtomicInteger threads = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket listener;
  private final ExecutorService connections;
  private final InstantSource clock;

  private final String scheme;

  private TargetServer(ServerSocket listener, String scheme, InstantSource clock) {
    this.listener = listener;
    this.scheme = scheme;
    this.clock = clock;
    this.connections =
        new ThreadPoolExecutor(
            0, CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
  }

  /** Starts a target on a free loopback port. */
  public static TargetServer start() throws IOException {
    return start(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), "http");
  }

  /** The same behind TLS, as this identity. */
  public static TargetServer start(TlsIdentity identity) throws IOException {
    return start(
        identity
            .context()
            .getServerSocketFactory()
            .createServerSocket(0, 1024, InetAddress.getLoopbackAddress()),
        "https");
  }

  private static TargetServer start(ServerSocket listener, String scheme) {
    TargetServer server = new TargetServer(listener, scheme, InstantSource.system());
    server.thread(server::accept).start();
    return server;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** From now on {@code /switch} fails, or does not any more. */
  public void fail(boolean now) {
    paths.fail(now);
  }

  /** The URL of a path, given with its query, for example {@code /slow?ms=500}. */
  public String url(String pathAndQuery) {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort() + pathAndQuery).toString();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    connections.shutdownNow();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private Thread thread(Runnable work) {
    String name = "target-" + listener.getLocalPort() + "-" + threads.incrementAndGet();
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (closing.getCount() > 0) {
      try {
        Socket socket = listener.accept();
        try {
          connections.execute(() -> serve(socket));
        } catch (RejectedExecutionException full) {
          socket.close();
        }
      } catch (IOException closed) {
        ledger.note("accept: " + closed.getMessage());
      }
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      var out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
      boolean goOn = closing.getCount() > 0;
      while (goOn) {
        WireRequest request = WireRequest.read(in);
        if (request == null) {
          return;
        }
        Arrival arrival = Arrival.of(request, clock.instant());
        ledger.record(arrival);
        goOn = paths.answer(request, arrival, new TargetPaths.Wire(socket, in, out));
        out.flush();
      }
    } catch (SocketException brokenOff) {
      // The caller has hung up (its time-out, or its process is dead), or this server closes.
      ledger.note("connection: " + brokenOff.getMessage());
    } catch (IOException | RuntimeException fault) {
      ledger.note("fault: " + fault);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }
}
