package io.carillon.logging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The SLF4J provider for JSON lines. SLF4J makes it by name when the system property {@code
 * slf4j.provider} says so, hence public and without parameters; what it needs lies in {@link
 * Logging}.
 */
public final class JsonLogging implements SLF4JServiceProvider {
  private final Map<String, JsonLogger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new BasicMDCAdapter();

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, JsonLogging::create);
  }

  private static JsonLogger create(String name) {
    Level own = Logging.level();
    Level library = own == Level.ERROR ? Level.ERROR : Level.WARN;
    boolean spoken = name.startsWith(Logging.OWN) && !Logging.QUIET.containsKey(name);
    return new JsonLogger(
        name,
        spoken ? own : library,
        Logging.clock(),
        line -> {
          synchronized (JsonLogging.class) {
            Logging.out().println(line);
            Logging.out().flush();
          }
        });
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}
}
