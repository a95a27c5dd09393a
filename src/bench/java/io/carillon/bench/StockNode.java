package io.carillon.bench;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;

/**
 * A node of stock Quartz in a JVM of its own. It does what it is told on its standard input, one
 * word a line, and answers each with one line; it ends with its input. The database's address comes
 * by environment variables.
 */
public final class StockNode {
  static final String SETTINGS = "BENCH_STOCK_SETTINGS";

  /** Lines of {@code key=value} that replace the settings' own. */
  static final String FURTHER = "BENCH_STOCK_FURTHER";

  static final String URL = "BENCH_STOCK_URL";
  static final String USER = "BENCH_STOCK_USER";
  static final String PASSWORD = "BENCH_STOCK_PASSWORD";

  private StockNode() {}

  public static void main(String... none) throws SchedulerException, IOException {
    StockSettings settings = StockSettings.valueOf(System.getenv(SETTINGS));
    Properties properties =
        settings.properties(System.getenv(URL), System.getenv(USER), System.getenv(PASSWORD));
    properties.load(new StringReader(System.getenv().getOrDefault(FURTHER, "")));
    Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.println("ready");
    for (String word = in.readLine(); word != null; word = in.readLine()) {
      out.println(answer(scheduler, word));
    }
    scheduler.shutdown(true);
  }

  private static String answer(Scheduler scheduler, String word) throws SchedulerException {
    switch (word) {
      case "start" -> scheduler.start();
      case "standby" -> scheduler.standby();
      case "forget" -> StockJob.forget();
      case "count" -> {
        return Integer.toString(StockJob.count());
      }
      case "report" -> {
        return StockJob.report();
      }
      default -> throw new IllegalArgumentException(word);
    }
    return "ok";
  }
}
