package io.carillon.config;

/**
 * What log lines look like.
 *
 * @param format for people or for a collector
 * @param level of Carillon's own lines; libraries stay at WARN, or at ERROR with it
 */
public record LogConfig(Format format, Level level) {
  /** The two formats; both one line per event, user text escaped. */
  public enum Format {
    /** Time, level, thread, logger, message. */
    PLAIN,
    /** One JSON object. */
    JSON
  }

  /** The usual five. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }
}
