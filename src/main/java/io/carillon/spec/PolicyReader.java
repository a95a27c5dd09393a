package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.carillon.job.CatchUp;
import io.carillon.job.Delivery;
import io.carillon.job.Job;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code retry}, {@code overlap}, {@code catchUp}, {@code expiresAfter} and {@code delivery}.
 * One use; not thread-safe.
 */
final class PolicyReader {
  private static final Duration LONGEST_WAIT = Duration.ofDays(30);
  private static final int MOST_LATE = 10_000;
  private static final Pattern RETRY_WORD =
      Pattern.compile(
          "[1-5]xx|[1-5][0-9]{2}|NETWORK|TIMEOUT|DNS|TLS|CONNECT|BODY_MISMATCH|TARGET_FAILED|HEARTBEAT_LOST|SMTP_([45]xx|[45][0-9]{2})");

  private final Fields job;

  PolicyReader(Fields job) {
    this.job = job;
  }

  /** Null if anything is wrong. */
  Job.@Nullable Policies read(boolean recurring) {
    int before = job.faults().count();
    Job.Policies defaults = Job.Policies.defaults(recurring);
    RetryPolicy retry = retry();
    Overlap overlap = job.oneOf("overlap", Overlap.class);
    CatchUp catchUp = catchUp();
    Duration expiresAfter =
        job.duration("expiresAfter", Duration.ofMillis(1), Durations.LONGEST, "expires_range");
    Delivery delivery = job.oneOf("delivery", Delivery.class);
    if (job.faults().count() > before || retry == null || catchUp == null) {
      return null;
    }
    return new Job.Policies(
        retry,
        overlap == null ? defaults.overlap() : overlap,
        catchUp,
        expiresAfter,
        delivery == null ? defaults.delivery() : delivery);
  }

  private @Nullable CatchUp catchUp() {
    Fields fields = job.fields("catchUp");
    if (fields == null) {
      return CatchUp.DEFAULT;
    }
    int before = fields.faults().count();
    CatchUp.Policy policy = fields.oneOf("policy", CatchUp.Policy.class);
    Duration after = fields.duration("after", Duration.ZERO, Durations.LONGEST, "catch_up_range");
    Duration window = fields.duration("window", Duration.ZERO, Durations.LONGEST, "catch_up_range");
    Integer max = fields.integer("max", 1, MOST_LATE, "catch_up_range");
    fields.end();
    if (fields.faults().count() > before) {
      return null;
    }
    CatchUp defaults = CatchUp.DEFAULT;
    return new CatchUp(
        policy == null ? defaults.policy() : policy,
        after == null ? defaults.after() : after,
        window == null ? defaults.window() : window,
        max == null ? defaults.max() : max);
  }

  private @Nullable RetryPolicy retry() {
    Fields fields = job.fields("retry");
    if (fields == null) {
      return RetryPolicy.DEFAULT;
    }
    int before = fields.faults().count();
    RetryPolicy defaults = RetryPolicy.DEFAULT;
    Integer attempts = fields.integer("maxAttempts", 1, RetryPolicy.MOST_ATTEMPTS, "retry_range");
    Backoff given = fields.oneOf("backoff", Backoff.class);
    Backoff backoff = given == null ? defaults.backoff() : given;
    Duration initial = wait(fields, "initial");
    Double factor = fields.number("factor", 1, 100, "retry_range");
    Duration max = wait(fields, "max");
    Double jitter = fields.number("jitter", 0, 1, "retry_range");
    List<Duration> delays = delays(fields, backoff);
    List<String> retryOn = words(fields, "retryOn");
    List<String> stopOn = words(fields, "stopOn");
    Duration maxAge =
        fields.duration("maxAge", Duration.ofMillis(1), Durations.LONGEST, "retry_range");
    fields.end();
    if (initial != null && max != null && max.compareTo(initial) < 0) {
      fields.fault("max", "retry_range", "'max' is less than 'initial'");
    }
    if (fields.faults().count() > before) {
      return null;
    }
    Duration first = initial != null ? initial : least(defaults.initial(), max);
    return new RetryPolicy(
        attempts == null ? defaults.maxAttempts() : attempts,
        backoff,
        first,
        factor == null ? defaults.factor() : factor,
        max != null ? max : greatest(defaults.max(), first),
        jitter != null ? jitter : backoff == Backoff.EXPONENTIAL ? defaults.jitter() : 0,
        delays,
        retryOn == null ? defaults.retryOn() : retryOn,
        stopOn == null
            ? RetryPolicy.stopOnBeside(retryOn == null ? defaults.retryOn() : retryOn)
            : stopOn,
        maxAge);
  }

  private static @Nullable Duration wait(Fields fields, String name) {
    return fields.duration(name, Duration.ZERO, LONGEST_WAIT, "retry_range");
  }

  private static List<Duration> delays(Fields fields, Backoff backoff) {
    List<Duration> delays = new ArrayList<>();
    ArrayNode items = fields.array("delays", RetryPolicy.MOST_ATTEMPTS);
    for (int i = 0; items != null && i < items.size(); i++) {
      String text = items.get(i).isTextual() ? items.get(i).textValue() : "";
      Duration delay = Durations.isDuration(text) ? Durations.parse(text) : null;
      if (delay == null || delay.isNegative() || delay.compareTo(LONGEST_WAIT) > 0) {
        String place = fields.pointer("delays") + "/" + i;
        fields.faults().add(place, "retry_range", "a wait is from PT0S to " + LONGEST_WAIT);
      } else {
        delays.add(delay);
      }
    }
    if (backoff == Backoff.LIST && (items == null || items.isEmpty())) {
      fields.fault("delays", "field_required", "'delays' is required with backoff LIST");
    }
    return delays;
  }

  private static @Nullable List<String> words(Fields fields, String name) {
    List<String> words = fields.texts(name, 50);
    for (int i = 0; words != null && i < words.size(); i++) {
      if (!RETRY_WORD.matcher(words.get(i)).matches()) {
        fields
            .faults()
            .add(
                fields.pointer(name) + "/" + i,
                "retry_word",
                "'"
                    + Fields.shown(words.get(i))
                    + "' is neither a status (429, 5xx) nor NETWORK or TIMEOUT");
      }
    }
    return words;
  }

  private static Duration least(Duration a, @Nullable Duration b) {
    return b != null && b.compareTo(a) < 0 ? b : a;
  }

  private static Duration greatest(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
