package io.carillon.target;

import io.carillon.execution.Reasons;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Translates what OkHttp throws into a reason and a sentence. Pure. */
final class FailureReasons {
  /**
   * @param reason one of {@link Reasons}
   * @param words for people
   */
  record Failure(String reason, String words) {}

  private FailureReasons() {}

  /**
   * @param brokenOff why the call was broken off, if it was
   */
  static Failure of(IOException e, @Nullable String brokenOff) {
    Throwable denied = find(e, EgressDenied.class::isInstance);
    if (denied != null) {
      return new Failure(Reasons.EGRESS_DENIED, String.valueOf(denied.getMessage()));
    }
    if (brokenOff != null) {
      return new Failure(brokenOff, "the call was broken off");
    }
    if (Thread.currentThread().isInterrupted()) {
      return new Failure(Reasons.DRAINED, "the call was interrupted");
    }
    if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
      return new Failure(Reasons.TIMEOUT, "no complete answer in time");
    }
    if (e instanceof UnknownHostException) {
      return new Failure(Reasons.DNS, "the host name could not be resolved");
    }
    if (isTls(e)) {
      return new Failure(Reasons.TLS, "TLS failed: " + detail(e));
    }
    if (e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof SocketTimeoutException) {
      return new Failure(Reasons.CONNECT, "no connection: " + detail(innermost(e)));
    }
    return new Failure(Reasons.NETWORK, "the exchange failed: " + detail(e));
  }

  /** Whether nothing was sent because the call was not admitted any more, timed out or not. */
  static boolean isNotAdmitted(IOException e) {
    return find(e, LastLook.NotAdmitted.class::isInstance) != null;
  }

  private static boolean isTls(IOException e) {
    if (e instanceof SSLHandshakeException || e instanceof SSLPeerUnverifiedException) {
      return true;
    }
    return e instanceof SSLException
        && find(e, t -> t instanceof SocketException || t instanceof EOFException) == null;
  }

  private static @Nullable Throwable find(Throwable e, Predicate<Throwable> wanted) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (wanted.test(t)) {
        return t;
      }
      for (Throwable other : t.getSuppressed()) {
        if (wanted.test(other)) {
          return other;
        }
      }
    }
    return null;
  }

  private static Throwable innermost(Throwable e) {
    Throwable t = e;
    for (Throwable cause = t.getCause(); cause != null; cause = t.getCause()) {
      t = cause;
    }
    return t;
  }

  private static String detail(Throwable e) {
    String message = e.getMessage();
    String text = message == null ? e.getClass().getSimpleName() : message;
    return LogText.oneLine(text.length() > 300 ? text.substring(0, 300) : text);
  }
}
