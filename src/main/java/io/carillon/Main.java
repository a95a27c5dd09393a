package io.carillon;

import io.carillon.config.Configuration;
import io.carillon.config.ConfigurationException;
import io.carillon.logging.Logging;
import java.io.ObjectInputFilter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line: arguments to configuration to a running {@link Server}. Exit codes: 0 stopped
 * in order, 1 could not start, 2 something the operator has to change.
 */
public final class Main {
  private static final int STOPPED = 0;
  private static final int REFUSED = 2;

  private static final String USAGE =
      """
      usage: java -jar carillon.jar [--config FILE] [--demo]

        --config FILE   configuration (default: ./quartz.properties, else the built-in defaults)
        --demo          schedule three sample jobs against a built-in target
        --version       print the version
        --help          print this
      """;

  private Main() {}

  /** What the command line said. */
  private record Arguments(@Nullable Path config, boolean demo) {}

  public static void main(String[] args) {
    PrintStream complaints = System.err;
    Arguments arguments;
    Configuration configuration;
    try {
      arguments = parse(List.of(args));
      if (arguments == null) {
        return;
      }
      configuration = Configuration.load(arguments.config(), System.getenv());
    } catch (ConfigurationException e) {
      complaints.println(e.getMessage());
      System.exit(REFUSED);
      return;
    }
    refuseDeserialization();
    Logging.configure(configuration.log());
    System.exit(run(configuration, arguments.demo(), complaints));
  }

  private static int run(Configuration configuration, boolean demo, PrintStream complaints) {
    try {
      Server server = new Server(configuration, demo);
      Signals.onFirst(server::stop);
      server.start();
      server.awaitStop();
      return STOPPED;
    } catch (Server.CannotStart e) {
      // The complaint is the last line, whatever was still to be logged.
      Logging.end();
      complaints.println(e.getMessage());
      return e.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return STOPPED;
    }
  }

  /**
   * @return null if the command line asked for no server
   */
  private static @Nullable Arguments parse(List<String> args) {
    Deque<String> rest = new ArrayDeque<>(args);
    Path config = null;
    boolean demo = false;
    while (!rest.isEmpty()) {
      String argument = rest.pop();
      switch (argument) {
        case "--demo" -> demo = true;
        case "--version" -> {
          System.out.println("carillon " + Version.current());
          return null;
        }
        case "--help", "-h" -> {
          System.out.print(USAGE);
          return null;
        }
        case "--config" -> config = Path.of(value(rest, argument));
        default -> refuse("unknown argument " + argument);
      }
    }
    return new Arguments(config, demo);
  }

  private static String value(Deque<String> rest, String argument) {
    if (rest.isEmpty()) {
      refuse(argument + " needs a value");
    }
    return rest.pop();
  }

  private static void refuse(String why) {
    System.err.println(why);
    System.err.print(USAGE);
    System.exit(REFUSED);
  }

  /**
   * Nothing in this server is ever deserialized: not job data, not calendars, not what a client
   * sends.
   */
  private static void refuseDeserialization() {
    ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter("!*"));
  }
}
