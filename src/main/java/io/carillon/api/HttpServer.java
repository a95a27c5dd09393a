package io.carillon.api;

import io.carillon.api.http.Route;
import io.carillon.config.ApiConfig;
import io.carillon.config.HttpConfig;
import io.carillon.config.KeysConfig;
import io.carillon.metrics.Metrics;
import io.carillon.security.Caller;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.util.JavalinException;
import io.javalin.util.JavalinLogger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server. It answers as soon as it is started, whether or not the database is up. Stopping
 * has three steps: {@link #refuseNew}, {@link #stopAccepting}, {@link #close}; each may be called
 * at any time, also again, also if the server never started. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int WRITES_IN_FLIGHT = 512;
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final String ROUTE = "carillon.route";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final HttpConfig http;
  private final Gate gate;
  private final Dispatcher dispatcher;
  private final LiveCalls live;
  private final Metrics metrics;
  private final Javalin javalin;

  // Guarded by this.
  private boolean started;
  private boolean closed;

  public HttpServer(HttpConfig http, ApiConfig api, KeysConfig keys, ApiPorts ports) {
    this(http, api, keys, ports, WRITES_IN_FLIGHT);
  }

  HttpServer(HttpConfig http, ApiConfig api, KeysConfig keys, ApiPorts ports, int writesInFlight) {
    this.http = http;
    this.gate = new Gate(http, api, keys, ports.clock());
    this.dispatcher = new Dispatcher(api, ports.idempotency(), ports.clock(), writesInFlight);
    this.live = new LiveCalls(ports.events(), gate, dispatcher::fail);
    this.metrics = ports.metrics();
    List<Route> routes = Routes.of(ports);
    this.javalin = Javalin.create(config -> configure(config, api, routes));
  }

  private void configure(JavalinConfig config, ApiConfig api, List<Route> routes) {
    JettySettings.apply(config, http);
    config.http.maxRequestSize = Math.max(api.maxBody(), api.maxBulkBody()) + 1;
    config.http.prefer405over404 = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.router.javaLangErrorHandler(
        (response, error) -> LOG.error("A request failed in the virtual machine", error));
    config.requestLogger.http(this::count);
    config.routes.before(
        context -> {
          Headers.begin(context);
          refuseStrangeMethods(context);
          context.attribute(Caller.class.getName(), gate.admit(context));
        });
    // Javalin has a mapper of its own for the first; the most exact class wins.
    config.routes.exception(
        HttpResponseException.class, (e, context) -> dispatcher.fail(context, e));
    config.routes.exception(Exception.class, (e, context) -> dispatcher.fail(context, e));
    live.register(config.routes, (context, route) -> context.attribute(ROUTE, route));
    for (Route route : routes) {
      config.routes.addHttpHandler(
          HandlerType.findOrCreate(route.method()),
          route.path(),
          context -> answer(route, context));
      if (!route.writes()) {
        config.routes.head(route.path(), context -> answer(route, context));
      }
    }
  }

  /** Javalin has words of its own, such as BEFORE, that a request must not use as its method. */
  private static void refuseStrangeMethods(Context context) {
    if (!context.method().isHttpMethod()) {
      throw new MethodNotAllowedResponse(
          "not a method", Map.of("availableMethods", "GET, HEAD, POST, PUT, PATCH, DELETE"));
    }
  }

  private void answer(Route route, Context context) {
    context.attribute(ROUTE, route.path());
    Caller caller = context.attribute(Caller.class.getName());
    try {
      dispatcher.answer(route, context, caller == null ? Caller.LOCAL : caller);
    } catch (StackOverflowError e) {
      dispatcher.fail(context, e);
    }
  }

  private void count(Context context, Float millis) {
    String method = context.req().getMethod();
    String route = context.attribute(ROUTE);
    metrics.request(
        METHODS.contains(method) ? method : "other",
        route == null ? "none" : route,
        context.statusCode(),
        Duration.ofNanos((long) (millis * 1_000_000)));
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException saying in one line why it cannot, with the address
   */
  public synchronized void start() {
    started = true;
    JavalinLogger.enabled = false; // what fails to start is told below; FirstRequests ends it
    try {
      javalin.start(http.host(), http.port());
    } catch (JavalinException e) {
      throw new IllegalStateException(
          "cannot listen on " + http.host() + ":" + http.port() + ": " + rootMessage(e), e);
    } finally {
      JavalinLogger.enabled = true;
    }
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** The port it listens on; the one in use where the configured one is 0. */
  public int port() {
    return javalin.port();
  }

  /** What Javalin was told, for the test that compares it with the document. */
  Javalin javalin() {
    return javalin;
  }

  /** From now on every call but health gets 503 with {@code Retry-After}. */
  public void refuseNew() {
    gate.close();
  }

  /** From now on no connection is accepted; those that are open stay. */
  public synchronized void stopAccepting() {
    if (!started || closed) {
      return;
    }
    for (Connector connector : javalin.jettyServer().server().getConnectors()) {
      if (connector instanceof NetworkConnector listening) {
        listening.close();
      }
    }
  }

  /** Closes everything, whatever is still going on, within two seconds. */
  @Override
  public void close() {
    synchronized (this) {
      if (!started || closed) {
        return;
      }
      closed = true;
    }
    Thread stopper = new Thread(javalin::stop, "http-stop");
    stopper.setDaemon(true);
    stopper.start();
    try {
      stopper.join(CLOSING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopper.isAlive()) {
      LOG.warn("The HTTP server is still closing connections after {} s", CLOSING.toSeconds());
    }
  }
}
