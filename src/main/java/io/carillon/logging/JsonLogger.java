package io.carillon.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * Writes an event as one JSON object on one line: {@code time}, {@code level}, {@code logger},
 * {@code thread}, {@code message}, then the key-value pairs of the fluent API, then {@code error}
 * with the stack trace.
 */
final class JsonLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1;

  private final transient Level threshold;
  private final transient Consumer<String> lines;
  private final transient InstantSource clock;

  JsonLogger(String name, Level threshold, InstantSource clock, Consumer<String> lines) {
    this.name = name;
    this.threshold = threshold;
    this.clock = clock;
    this.lines = lines;
  }

  @Override
  public void log(LoggingEvent event) {
    write(
        event.getLevel(),
        MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()),
        Objects.requireNonNullElse(event.getKeyValuePairs(), List.of()),
        event.getThrowable());
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable error) {
    write(level, MessageFormatter.basicArrayFormat(message, arguments), List.of(), error);
  }

  private void write(
      Level level, @Nullable String message, List<KeyValuePair> pairs, @Nullable Throwable error) {
    StringBuilder line = new StringBuilder(200).append('{');
    field(line, "time", PlainStream.time(clock));
    field(line, "level", level.name());
    field(line, "logger", name);
    field(line, "thread", Thread.currentThread().getName());
    field(line, "message", message);
    for (KeyValuePair pair : pairs) {
      field(line, pair.key, pair.value);
    }
    if (error != null) {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      field(line, "error", trace.toString().strip());
    }
    lines.accept(line.append('}').toString());
  }

  private static void field(StringBuilder line, String name, @Nullable Object value) {
    line.append(line.length() > 1 ? ",\"" : "\"").append(Escaping.json(name)).append("\":");
    boolean bare =
        value == null
            || value instanceof Integer
            || value instanceof Long
            || value instanceof Boolean;
    if (bare) {
      line.append(value);
    } else {
      line.append('"').append(Escaping.json(value.toString())).append('"');
    }
  }

  private boolean enabled(Level level) {
    return level.toInt() >= threshold.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return enabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return enabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return enabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return enabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return enabled(Level.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return JsonLogger.class.getName();
  }
}
