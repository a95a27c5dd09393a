package io.carillon.api;

import io.carillon.config.HttpConfig;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * How the server below Javalin listens: bounded in connections, threads, headers and patience.
 * Stateless.
 */
final class JettySettings {
  private static final int HEADER_BYTES = 8 * 1024;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration HEADERS = Duration.ofSeconds(20);
  private static final int THREADS = 250;
  private static final int THREADS_KEPT = 8;

  /** A connection has one request in work at a time, so this bounds the pool's queue as well. */
  private static final int CONNECTIONS = 4_000;

  /** What a client may say to a socket, to which nothing needs to be said. */
  private static final int SOCKET_MESSAGE = 1_024;

  private static final int BACKLOG = 1_024;
  private static final Duration STOP = Duration.ofSeconds(1);

  private JettySettings() {}

  static void apply(JavalinConfig config, HttpConfig http) {
    config.concurrency.useVirtualThreads = VirtualThreads.areSupported();
    config.jetty.threadPool = threads();
    config.jetty.modifyServer(
        server -> {
          server.setErrorHandler(new RefusedRequests());
          server.setStopTimeout(0);
          server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
        });
    config.jetty.modifyHttpConfiguration(JettySettings::requests);
    config.jetty.modifyWebSocketServletFactory(
        sockets -> {
          sockets.setIdleTimeout(IDLE);
          sockets.setMaxTextMessageSize(SOCKET_MESSAGE);
          sockets.setMaxBinaryMessageSize(SOCKET_MESSAGE);
          sockets.setMaxFrameSize(SOCKET_MESSAGE);
          sockets.setInputBufferSize(SOCKET_MESSAGE);
          sockets.setAutoFragment(true);
        });
    config.jetty.addConnector((server, requests) -> connector(server, requests, http));
  }

  /** Platform threads only move bytes where there are virtual ones to run the calls. */
  private static ThreadPool threads() {
    QueuedThreadPool pool = new QueuedThreadPool(THREADS, THREADS_KEPT, (int) IDLE.toMillis());
    pool.setName("http");
    pool.setDaemon(true);
    pool.setStopTimeout(STOP.toMillis());
    if (VirtualThreads.areSupported()) {
      pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-call-"));
    }
    return pool;
  }

  private static void requests(HttpConfiguration requests) {
    requests.setRequestHeaderSize(HEADER_BYTES);
    requests.setSendServerVersion(false);
    requests.setIdleTimeout(IDLE.toMillis());
    // Odd paths come through, so that the gate can answer 404 to all of them alike.
    requests.setUriCompliance(UriCompliance.UNSAFE);
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration requests, HttpConfig http) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(requests));
    connector.setHost(http.host());
    connector.setPort(http.port());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setShutdownIdleTimeout(STOP.toMillis());
    connector.addBean(new HeaderDeadline(HEADERS, connector.getScheduler()));
    connector.addEventListener(new FirstRequests(server, requests));
    return connector;
  }
}
