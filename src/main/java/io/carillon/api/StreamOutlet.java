package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.events.LiveMessage;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.Outlet;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * An event stream, written without a thread of its own: the server calls back when the connection
 * takes more. Nothing is written before the first message, so a stream that cannot begin is a
 * problem like any other. Thread-safe.
 */
final class StreamOutlet implements Outlet, WriteListener {
  private final HttpServletResponse response;
  private final EndPoint connection;
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

  // Guarded by this.
  private @Nullable ServletOutputStream out;
  private byte @Nullable [] pending;
  private boolean flush;
  private boolean last;
  private @Nullable Consumer<@Nullable Throwable> sent;

  /**
   * @param response of a request that is answered asynchronously
   */
  StreamOutlet(HttpServletResponse response, EndPoint connection) {
    this.response = response;
    this.connection = connection;
  }

  /** Ends when the stream does. */
  CompletableFuture<@Nullable Void> over() {
    return over;
  }

  @Override
  public void send(LiveMessage message, Consumer<@Nullable Throwable> whenSent) {
    if (over.isDone()) {
      // The connection failed while nothing was on its way; the response is not ours any more.
      whenSent.accept(new ClosedChannelException());
      return;
    }
    synchronized (this) {
      last = message instanceof End;
      if (out != null || !last) {
        pending = LiveTexts.frame(message).getBytes(StandardCharsets.UTF_8);
        sent = whenSent;
      }
    }
    if (hasBegun(message)) {
      drive();
    } else if (over.isCompletedExceptionally()) {
      whenSent.accept(null);
    }
  }

  /**
   * @return whether the server calls back, or has done so
   */
  private boolean hasBegun(LiveMessage message) {
    try {
      ServletOutputStream begun;
      synchronized (this) {
        if (out != null) {
          return true;
        }
        if (message instanceof End end) {
          over.completeExceptionally(unavailable(end));
          return false;
        }
        response.setStatus(200);
        response.setContentType("text/event-stream; charset=utf-8");
        response.setHeader("X-Accel-Buffering", "no");
        begun = response.getOutputStream();
        out = begun;
      }
      begun.setWriteListener(this);
    } catch (IOException | IllegalStateException e) {
      onError(e);
    }
    return false;
  }

  private static ProblemException unavailable(End end) {
    return new ProblemException(
        Problem.of(503, "events_unavailable", LiveTexts.why(end.reason()))
            .retryAfter(Duration.ofSeconds(1)));
  }

  @Override
  public void onWritePossible() {
    drive();
  }

  private void drive() {
    Consumer<@Nullable Throwable> done;
    boolean ended;
    try {
      synchronized (this) {
        if (out == null) {
          return;
        }
        while (pending != null || flush) {
          if (!out.isReady()) {
            return;
          }
          if (pending != null) {
            out.write(pending);
            pending = null;
            flush = true;
          } else {
            out.flush();
            flush = false;
          }
        }
        if (!out.isReady()) {
          return;
        }
        done = sent;
        sent = null;
        ended = last;
      }
    } catch (IOException | IllegalStateException e) {
      onError(e);
      return;
    }
    if (done != null) {
      done.accept(null);
      if (ended) {
        over.complete(null);
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    Consumer<@Nullable Throwable> done;
    synchronized (this) {
      done = sent;
      sent = null;
      pending = null;
      flush = false;
    }
    if (done != null) {
      done.accept(failure);
    }
    over.complete(null);
  }

  @Override
  public void abort() {
    connection.close();
    over.complete(null);
  }
}
