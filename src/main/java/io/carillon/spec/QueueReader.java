package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.QueueSettings;
import io.carillon.job.QueueSettings.Rate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what a client says of a queue. Stateless. */
public final class QueueReader {
  private QueueReader() {}

  /**
   * What was said.
   *
   * @param paused null if nothing was
   */
  public record Said(QueueSettings settings, @Nullable Boolean paused) {}

  /** Notes every fault of a queue's name. */
  public static void checkName(String name, Faults faults) {
    Names.check(name, "/name", faults);
  }

  /** Notes every fault of the body; what it answers then is not to be used. */
  public static Said read(ObjectNode body, String name, Faults faults) {
    Fields fields = new Fields(body, "", faults);
    String own = fields.text("name");
    if (own != null && !own.equals(name)) {
      fields.fault("name", "name_differs", "'name' is not the name in the path");
    }
    Integer concurrency = count(fields, "concurrency");
    Rate rate = rate(fields);
    Integer perHost = count(fields, "perHostConcurrency");
    Boolean paused = fields.flag("paused");
    fields.end();
    return new Said(
        faults.isEmpty() ? new QueueSettings(concurrency, rate, perHost) : QueueSettings.NONE,
        paused);
  }

  private static @Nullable Integer count(Fields fields, String name) {
    return fields.integer(name, 1, QueueSettings.MOST, "concurrency_range");
  }

  private static @Nullable Rate rate(Fields fields) {
    Fields rate = fields.fields("rate");
    if (rate == null) {
      return null;
    }
    Integer permits = rate.integer("permits", 1, QueueSettings.MOST, "rate_range");
    Duration per =
        rate.duration("per", Duration.ofMillis(1), QueueSettings.LONGEST, "duration_range");
    Integer burst = rate.integer("burst", 1, QueueSettings.MOST, "rate_range");
    require(rate, "permits");
    require(rate, "per");
    rate.end();
    if (permits == null || per == null) {
      return null;
    }
    return burst == null ? Rate.of(permits, per) : new Rate(permits, per, burst);
  }

  private static void require(Fields fields, String name) {
    if (!fields.has(name)) {
      fields.required(name);
    }
  }
}
