package io.carillon.api;

import io.carillon.events.LiveMessage;
import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.events.LiveMessage.Told;
import io.carillon.events.LiveMessage.Welcome;
import io.carillon.events.Outlet;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** A WebSocket that events are sent to. As thread-safe as its session is: fully. */
final class SocketOutlet implements Outlet {
  private static final int GOING_AWAY = 1001;
  private static final int TRY_AGAIN_LATER = 1013;

  private final Session session;
  private final boolean full;

  /**
   * @param full whether events are sent as they are, not in the words of job queues
   */
  SocketOutlet(Session session, boolean full) {
    this.session = session;
    this.full = full;
  }

  @Override
  public void send(LiveMessage message, Consumer<@Nullable Throwable> sent) {
    Callback callback = Callback.from(() -> sent.accept(null), sent);
    if (message instanceof Welcome welcome) {
      session.sendText(LiveTexts.welcome(welcome), callback);
    } else if (message instanceof Told told) {
      String plain = told.event().plain();
      session.sendText(full || plain == null ? told.event().full() : plain, callback);
    } else if (message instanceof Gap gap) {
      session.sendText(LiveTexts.gap(gap), callback);
    } else if (message instanceof Beat) {
      session.sendPing(ByteBuffer.allocate(0), callback);
    } else if (message instanceof End end) {
      int code = end.reason() == Reason.LEAVING ? GOING_AWAY : TRY_AGAIN_LATER;
      session.close(code, LiveTexts.why(end.reason()), callback);
    }
  }

  @Override
  public void abort() {
    session.disconnect();
  }
}
