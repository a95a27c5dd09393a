package io.carillon.api;

import io.javalin.util.JavalinLogger;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the server answer two requests of its own before it takes any from outside. Javalin makes
 * what all requests share when the first one comes, and does not guard it: of several that come
 * first, one could be answered 500. Run by the thread that starts the server.
 */
final class FirstRequests implements LifeCycle.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(FirstRequests.class);
  private static final long PATIENCE_S = 10;
  private static final String CALL = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n";

  /** Upgrades are served by a part of their own, also where nothing takes them. */
  private static final String UPGRADE = CALL + "Sec-WebSocket-Version: 13\r\n";

  private static final String END = "Connection: close\r\n\r\n";

  private final Server server;
  private final HttpConfiguration requests;

  FirstRequests(Server server, HttpConfiguration requests) {
    this.server = server;
    this.requests = requests;
  }

  /** Called when all but the connector runs. */
  @Override
  public void lifeCycleStarting(LifeCycle connector) {
    LocalConnector inside = new LocalConnector(server, new HttpConnectionFactory(requests));
    try {
      inside.start();
      inside.getResponse(CALL + END, PATIENCE_S, TimeUnit.SECONDS);
      inside.getResponse(UPGRADE + END, PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("The server did not answer itself; the first requests will show why", e);
    } finally {
      LifeCycle.stop(inside);
      JavalinLogger.enabled = true; // what fails from here on is a request
    }
  }
}
