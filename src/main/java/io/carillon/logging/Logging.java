package io.carillon.logging;

import io.carillon.config.LogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Chooses how log lines look. To be called once, before anything asks SLF4J for a logger. */
public final class Logging {
  /** Loggers of ours; all others stay at WARN. */
  static final String OWN = "io.carillon";

  /** Loggers that say at their level what we say ourselves, better. */
  static final Map<String, String> QUIET =
      Map.of(
          "io.carillon.quartz.EngineFactory", "warn",
          "io.carillon.quartz.store.CarillonJobStore", "warn");

  private static volatile Level level = Level.INFO;
  private static volatile InstantSource clock = InstantSource.system();
  private static volatile PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);

  private static volatile @Nullable LogBuffer buffer;

  private Logging() {}

  /**
   * Sends log lines to standard output in the format asked for. For the plain format, standard
   * output itself is replaced by a stream that stamps and escapes each line.
   */
  public static void configure(LogConfig config) {
    LogBuffer lines = new LogBuffer(new FileOutputStream(FileDescriptor.out));
    buffer = lines;
    Runtime.getRuntime().addShutdownHook(new Thread(lines::close, "carillon-log-end"));
    configure(config, lines, InstantSource.system());
  }

  /** Before the process ends without shutdown hooks: what was logged is written out. */
  public static void end() {
    LogBuffer lines = buffer;
    if (lines != null) {
      lines.close();
    }
  }

  static void configure(LogConfig config, OutputStream target, InstantSource time) {
    level = Level.valueOf(config.level().name());
    clock = time;
    if (config.format() == LogConfig.Format.JSON) {
      System.setProperty("slf4j.internal.verbosity", "WARN");
      System.setProperty("slf4j.provider", JsonLogging.class.getName());
      out = new PrintStream(target, false, StandardCharsets.UTF_8);
      return;
    }
    String prefix = "org.slf4j.simpleLogger.";
    String name = level.name().toLowerCase(Locale.ROOT);
    System.setProperty(prefix + "log." + OWN, name);
    QUIET.forEach((logger, least) -> System.setProperty(prefix + "log." + logger, least));
    System.setProperty(prefix + "defaultLogLevel", level == Level.ERROR ? "error" : "warn");
    System.setProperty(prefix + "logFile", "System.out");
    System.setOut(new PlainStream(target, time));
  }

  static Level level() {
    return level;
  }

  static InstantSource clock() {
    return clock;
  }

  static PrintStream out() {
    return out;
  }
}
