package io.carillon.quartz.mail;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail on its way: begun by a thread of the pool or never, and broken off by closing its
 * sockets. It hands out those sockets, too. Thread-safe.
 */
final class Sending extends SocketFactory {
  private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

  private final ExecutionId id;
  private final CompletableFuture<Optional<Outcome>> result = new CompletableFuture<>();
  private final AtomicBoolean begun = new AtomicBoolean();

  // guarded by this
  private final List<Socket> sockets = new ArrayList<>();
  private @Nullable String brokenOff;

  Sending(ExecutionId id) {
    this.id = id;
  }

  ExecutionId id() {
    return id;
  }

  /** Empty: it was not admitted any more, and nothing was sent. */
  CompletableFuture<Optional<Outcome>> result() {
    return result;
  }

  /** Runs the exchange in this thread, unless it was broken off before. */
  void run(Supplier<Optional<Outcome>> exchange) {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    try {
      result.complete(exchange.get());
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      result.completeExceptionally(e);
    }
  }

  /** Closes the connection, or sees to it that there will be none. The first reason stays. */
  void breakOff(String reason, String words) {
    List<Socket> open;
    synchronized (this) {
      if (brokenOff == null) {
        brokenOff = reason;
      }
      open = List.copyOf(sockets);
    }
    open.forEach(Sending::close);
    if (begun.compareAndSet(false, true)) {
      result.complete(Optional.of(Failed.of(reason, words)));
    }
  }

  /** The reason for which it was broken off; null if it was not. */
  synchronized @Nullable String brokenOff() {
    return brokenOff;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A mail's connection was gone already: {}", e.toString());
    }
  }

  @Override
  public synchronized Socket createSocket() throws SocketException {
    if (brokenOff != null) {
      throw new SocketException("broken off");
    }
    Socket socket = new Socket();
    sockets.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("sockets are connected by Jakarta Mail");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket(host.getHostAddress(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    return createSocket(host, port);
  }
}
