package io.carillon;

import io.carillon.logging.Logging;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * SIGTERM and SIGINT: the first one stops the server in order, on a thread of its own ({@code
 * carillon-stop}), the second ends the process at once. The JVM's own handling would do neither: it
 * exits with 128 + n and ignores a second signal.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int AT_ONCE = 130;
  private static final int FAILED = 1;
  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  private Signals() {}

  static void onFirst(Runnable stop) {
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(new Signal(name), signal -> received(signal.getName(), stop));
    }
  }

  private static void received(String signal, Runnable stop) {
    if (STOPPING.compareAndSet(false, true)) {
      LOG.info("SIG{} received: stopping; once more to stop at once", signal);
      Thread stopping = new Thread(stop, "carillon-stop");
      stopping.setUncaughtExceptionHandler(Signals::failed);
      stopping.start();
    } else {
      LOG.warn("SIG{} received again: stopped at once", signal);
      Logging.end();
      Runtime.getRuntime().halt(AT_ONCE);
    }
  }

  /** A stop that fails must not leave half a server behind: the others take over what it held. */
  private static void failed(Thread stopping, Throwable cause) {
    LOG.error("The stop failed: stopped at once", cause);
    Logging.end();
    Runtime.getRuntime().halt(FAILED);
  }
}
