package io.carillon.logging;

import io.carillon.config.LogConfig;
import io.carillon.config.LogConfig.Format;
import io.carillon.config.LogConfig.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that configures logging as the server does, and logs what users may send. */
final class LogProbe {
  private LogProbe() {}

  public static void main(String[] arguments) {
    Logging.configure(new LogConfig(Format.valueOf(arguments[0]), Level.valueOf(arguments[1])));
    Logger log = LoggerFactory.getLogger(LogProbe.class);
    log.debug("a debug line");
    log.info(
        "job {} done",
        "a\r\n2026-01-01T00:00:00.000Z [main] INFO forged \u001b[31m\u0085\u202e\"q\\");
    log.atWarn().addKeyValue("job", "j\n1").addKeyValue("ms", 12L).log("späte 🔔 {}", "x");
    log.error("failed", new IllegalStateException("line one\nline two \u001b[2J"));
    LoggerFactory.getLogger("org.eclipse.jetty.Server").info("a library's chatter");
    LoggerFactory.getLogger("io.javalin.Javalin").warn("a library's warning");
  }
}
