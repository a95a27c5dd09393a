package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.events.EventFeed;
import io.carillon.events.EventFeed.Reading;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiConsumer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/**
 * Live events: a WebSocket at {@code /ws}, in the manner of job queues or in full, and an event
 * stream at {@code /api/v1/events}. Both pass the same gate as every call, before anything is
 * upgraded, and refuse pages of other sites. Thread-safe.
 */
final class LiveCalls {
  static final String STREAM = "/api/v1/events";
  static final String SOCKET = "/ws";

  private static final String QUERY = LiveQuery.class.getName();
  private static final String READING = Reading.class.getName();

  private final EventFeed feed;
  private final Gate gate;
  private final BiConsumer<Context, Throwable> refusal;

  /**
   * @param refusal makes the answer of what was thrown
   */
  LiveCalls(EventFeed feed, Gate gate, BiConsumer<Context, Throwable> refusal) {
    this.feed = feed;
    this.gate = gate;
    this.refusal = refusal;
  }

  /**
   * @param named is told the route of a request, and is to be called first
   */
  void register(RoutesConfig routes, BiConsumer<Context, String> named) {
    routes.addHttpHandler(
        HandlerType.GET,
        STREAM,
        context -> {
          named.accept(context, STREAM);
          stream(context);
        });
    routes.addHttpHandler(
        HandlerType.GET,
        SOCKET,
        context -> {
          named.accept(context, SOCKET);
          throw new ProblemException(
              Problem.of(426, "upgrade_required", "this is a WebSocket")
                  .with("Upgrade", "websocket")
                  .with("Connection", "Upgrade"));
        });
    routes.wsBeforeUpgrade(SOCKET, this::beforeUpgrade);
    routes.ws(
        SOCKET,
        socket -> {
          socket.onConnect(this::connected);
          socket.onClose(LiveCalls::gone);
          socket.onError(LiveCalls::gone);
        });
  }

  private void stream(Context context) {
    gate.refuseOtherSites(context);
    LiveQuery query = LiveQuery.ofStream(context);
    feed.checkRoom();
    StreamOutlet outlet =
        new StreamOutlet(
            context.res(),
            ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint());
    context.future(
        () -> {
          feed.open(query.filter(), query.after(), outlet);
          return outlet.over();
        });
  }

  /** Javalin writes no body for what is thrown here, so it is done at once. */
  private void beforeUpgrade(Context context) throws IOException {
    try {
      Headers.begin(context);
      gate.admit(context);
      gate.refuseOtherSites(context);
      context.attribute(QUERY, LiveQuery.ofSocket(context));
      feed.checkRoom();
      refuseCompression(context);
    } catch (RuntimeException e) {
      refusal.accept(context, e);
      InputStream body = context.resultInputStream();
      if (body != null) {
        body.transferTo(context.res().getOutputStream());
      }
      context.skipRemainingHandlers();
    }
  }

  /** It would keep some 300 KB for each socket, as long as that is open. */
  private synchronized void refuseCompression(Context context) {
    WebSocketComponents components =
        WebSocketServerComponents.getWebSocketComponents(
            ContextHandler.getContextHandler(
                ServletContextRequest.getServletContextRequest(context.req())));
    components.getExtensionRegistry().unregister("permessage-deflate");
  }

  private void connected(WsConnectContext socket) {
    LiveQuery query = socket.attribute(QUERY);
    if (query == null) {
      socket.session.disconnect();
      return;
    }
    SocketOutlet outlet = new SocketOutlet(socket.session, query.filter().full());
    try {
      socket.attribute(READING, feed.open(query.filter(), null, outlet));
    } catch (EventFeed.TooManyReaders e) {
      socket.closeSession(1013, e.getMessage());
    }
  }

  private static void gone(WsContext socket) {
    Reading reading = socket.attribute(READING);
    if (reading != null) {
      reading.close();
    }
  }
}
