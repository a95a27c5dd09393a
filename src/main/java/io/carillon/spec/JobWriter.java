package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.DstPolicy;
import io.carillon.job.CatchUp;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes jobs: for clients, and for the database. Both forms show every default. Thread-safe; keeps
 * what stored definitions have in common.
 */
public final class JobWriter {
  /** Shown as null when absent, as in the contract's example. */
  private static final List<String> ALWAYS_SHOWN =
      List.of("callback", "onSuccess", "onFailure", "dedupKey");

  private final StoredTexts texts = new StoredTexts();

  /**
   * The canonical body of a definition: what {@link JobReader} reads back to the same job. Without
   * the origin, and without state, version and times, which a definition does not have.
   */
  public ObjectNode write(Job job) {
    ObjectNode node = StrictJson.object();
    node.put("id", job.id().value());
    node.put("name", job.name());
    node.put("description", job.description());
    node.put("queue", job.queue());
    node.put("priority", job.priority().name().toLowerCase(Locale.ROOT));
    ObjectNode labels = node.putObject("labels");
    new TreeMap<>(job.labels()).forEach(labels::put);
    for (String name : List.of(TaskTargets.TASK, TaskTargets.PARAMETERS)) {
      if (job.options().containsKey(name)) {
        node.set(name, Values.node(job.options().get(name)));
      }
    }
    node.set("target", TargetWriter.write(job.target(), job.options().get(OptionReader.ASYNC)));
    node.set("schedule", schedule(job.schedule()));
    node.set("catchUp", catchUp(job.policies().catchUp()));
    node.put("overlap", job.policies().overlap().name());
    node.set("retry", retry(job.policies().retry()));
    node.put("delivery", job.policies().delivery().name());
    put(node, "expiresAfter", job.policies().expiresAfter());
    for (String name : OptionReader.NAMES) {
      Object value = job.options().get(name);
      if (value != null || ALWAYS_SHOWN.contains(name)) {
        node.set(name, Values.node(value));
      }
    }
    return node;
  }

  /**
   * All of a job but its id, as text for the database. {@link #parse} is its exact inverse, for
   * jobs whose JSON-like values are as {@link Values} makes them.
   */
  public String store(Job job) {
    ObjectNode node = write(job);
    node.remove("id");
    node.retain(withoutOptions(node));
    TargetWriter.storedParts(job.target(), (ObjectNode) node.get("target"));
    if (job.schedule() instanceof Schedule.Cron cron) {
      ObjectNode schedule = (ObjectNode) node.get("schedule");
      schedule.put("normalized", cron.normalized());
      schedule.put("dialect", cron.dialect());
    }
    node.set("later", Values.node(job.options()));
    ObjectNode origin = node.putObject("origin");
    origin.put("call", job.origin().call().name());
    origin.set("facts", Values.node(job.origin().facts()));
    return StrictJson.text(node);
  }

  /**
   * Reads what {@link #store} wrote, without the rules for submissions: an instant that is past by
   * now, or a URL that would be refused by now, is read all the same.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public Job parse(JobId id, String json) {
    try {
      return texts.read(id, json);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("the stored definition of job " + id + " is damaged", e);
    }
  }

  /** A target alone, as a value that JSON can hold; {@link #parseTarget} is its inverse. */
  public Map<String, Object> storeTarget(Target target) {
    ObjectNode node = TargetWriter.write(target, null);
    TargetWriter.storedParts(target, node);
    return Values.of(node);
  }

  /**
   * Reads what {@link #storeTarget} made.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public Target parseTarget(Object stored) {
    try {
      return StoredForm.target(Values.node(stored));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a stored target is damaged", e);
    }
  }

  /** The canonical form of a schedule alone. */
  public ObjectNode schedule(Schedule schedule) {
    ObjectNode node = StrictJson.object();
    if (schedule instanceof Schedule.Now) {
      node.put("type", "now");
    } else if (schedule instanceof Schedule.Delay delay) {
      node.put("type", "delay").put("delay", delay.delay().toString());
    } else if (schedule instanceof Schedule.At at) {
      at(node.put("type", "at"), at);
    } else if (schedule instanceof Schedule.FixedRate rate) {
      node.put("type", "fixedRate").put("every", rate.every().toString());
    } else if (schedule instanceof Schedule.FixedDelay delay) {
      node.put("type", "fixedDelay").put("every", delay.every().toString());
    } else if (schedule instanceof Schedule.Cron cron) {
      node.put("type", "cron").put("cron", cron.text()).put("timeZone", cron.zone().getId());
      node.set("dst", dst(cron.dst()));
    } else if (schedule instanceof Schedule.DailyWindow window) {
      window(node.put("type", "dailyWindow"), window);
    }
    limits(node, schedule.limits());
    return node;
  }

  private static void window(ObjectNode node, Schedule.DailyWindow window) {
    node.put("from", window.from().toString()).put("to", window.to().toString());
    node.put("every", window.every().toString());
    ArrayNode days = node.putArray("days");
    window.days().stream().sorted().forEach(day -> days.add(Weekdays.name(day)));
    node.put("timeZone", window.zone().getId());
    node.set("dst", dst(window.dst()));
  }

  private static @Nullable ObjectNode dst(DstPolicy policy) {
    if (policy.equals(DstPolicy.BY_RHYTHM)) {
      return null;
    }
    ObjectNode node = StrictJson.object();
    if (policy.gap() != null) {
      node.put("gap", policy.gap().name());
    }
    if (policy.overlap() != null) {
      node.put("overlap", policy.overlap().name());
    }
    return node;
  }

  private static void at(ObjectNode node, Schedule.At at) {
    if (at.anchor() == null) {
      node.put("at", at.at().toString());
    } else {
      node.put("anchor", at.anchor().toString());
      put(node, "offset", at.offset());
    }
    put(node, "timeZone", at.zone() == null ? null : at.zone().getId());
    node.put("allowPast", at.allowPast());
  }

  private static void limits(ObjectNode node, Limits limits) {
    put(node, "startAt", limits.startAt());
    put(node, "endAt", limits.endAt());
    node.put("maxRuns", limits.maxRuns());
    node.put("jitter", limits.jitter().toString());
    node.set("calendars", Values.node(limits.calendars()));
  }

  private static ObjectNode catchUp(CatchUp catchUp) {
    return StrictJson.object()
        .put("policy", catchUp.policy().name())
        .put("after", catchUp.after().toString())
        .put("window", catchUp.window().toString())
        .put("max", catchUp.max());
  }

  private static ObjectNode retry(RetryPolicy retry) {
    ObjectNode node = StrictJson.object();
    node.put("maxAttempts", retry.maxAttempts()).put("backoff", retry.backoff().name());
    node.put("initial", retry.initial().toString());
    node.set("factor", Values.plain(retry.factor()));
    node.put("max", retry.max().toString());
    node.set("jitter", Values.plain(retry.jitter()));
    if (!retry.delays().isEmpty()) {
      ArrayNode delays = node.putArray("delays");
      retry.delays().forEach(delay -> delays.add(delay.toString()));
    }
    node.set("retryOn", Values.node(retry.retryOn()));
    node.set("stopOn", Values.node(retry.stopOn()));
    put(node, "maxAge", retry.maxAge());
    return node;
  }

  private static List<String> withoutOptions(ObjectNode node) {
    return node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !OptionReader.NAMES.contains(name))
        .filter(name -> !name.equals(TaskTargets.TASK) && !name.equals(TaskTargets.PARAMETERS))
        .toList();
  }

  private static void put(ObjectNode node, String name, @Nullable Object value) {
    node.put(name, value == null ? null : value.toString());
  }
}
