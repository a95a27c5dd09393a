package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Debounce;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.KnownCalendars;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Priority;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Tasks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the canonical body of a job and notes every fault of it, never only the first. Thread-safe;
 * well under a millisecond for common jobs.
 */
public final class JobReader {
  private static final int LONGEST_DESCRIPTION = 250;
  private static final int MOST_LABELS = 64;
  private static final int LONGEST_LABEL = 190;
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");

  /**
   * What an answer shows beside the definition: a client may send it back, and it counts for
   * nothing.
   */
  private static final List<String> READ_ONLY =
      List.of(
          "id",
          "state",
          "nextFireTime",
          "nextFireTimeLocal",
          "version",
          "scheduler",
          "origin",
          "follows",
          "warnings",
          "createdAt",
          "updatedAt",
          "finishedAt",
          "generation",
          "runs",
          "lastScheduledAt",
          "deduplicated",
          "pause");

  private final TargetRules targetRules;
  private final KnownCalendars calendars;
  private final InstantSource clock;
  private final Tasks tasks;

  /** Of a server without calendars and tasks. */
  public JobReader(TargetRules targetRules, InstantSource clock) {
    this(targetRules, KnownCalendars.NONE, Tasks.NONE, clock);
  }

  /**
   * @param calendars asked for those that a schedule names
   * @param tasks asked for the task that a job names; what both throw passes through
   */
  public JobReader(
      TargetRules targetRules, KnownCalendars calendars, Tasks tasks, InstantSource clock) {
    this.targetRules = targetRules;
    this.calendars = calendars;
    this.clock = clock;
    this.tasks = tasks;
  }

  /**
   * The same for one request, not thread-safe: asks for each calendar, task and secret once,
   * however many definitions name it, since within a transaction no second connection may be waited
   * for.
   *
   * @param namespace of the names
   * @param names looked up at once, so that a definition that names no others can be read inside a
   *     transaction
   */
  public JobReader remembering(String namespace, Collection<String> names) {
    RememberedCalendars remembered = new RememberedCalendars(calendars);
    remembered.find(namespace, names.stream().filter(JobId::isValid).toList());
    return new JobReader(
        TargetRules.with(targetRules, new RememberedSecrets(targetRules.secrets())),
        remembered,
        new RememberedTasks(tasks),
        clock);
  }

  /** The exclusions of a schedule: of those of its calendars that there are. */
  public Exclusions exclusions(String namespace, Schedule schedule) {
    return Exclusions.of(calendars.find(namespace, schedule.limits().calendars()).values());
  }

  /**
   * Reads a new definition.
   *
   * @param id the id it gets; an {@code id} in the body must be the same
   * @param faults receives what is wrong
   * @return null if and only if faults were added
   */
  public @Nullable Job read(ObjectNode body, JobId id, Faults faults) {
    return read(body, id, faults, null);
  }

  /**
   * Reads a definition that replaces another: what its schedule already was (an instant that is
   * past by now) is not held against it, and the origin stays.
   */
  public @Nullable Job read(ObjectNode body, JobId id, Faults faults, @Nullable Job current) {
    int before = faults.count();
    TaskUse use = new TaskUse(tasks, targetRules, id);
    Fields fields = new Fields(use.completed(body), "", faults);
    fields.know(READ_ONLY);
    sameId(fields, id);
    String name = name(fields, "name");
    String description = description(fields);
    String queue = name(fields, "queue");
    Priority priority = priority(fields);
    Map<String, String> labels = labels(fields);
    Map<String, Object> options = new LinkedHashMap<>();
    Target target = use.target(fields, current, options);
    Schedule schedule = schedule(fields, options, id.namespace(), current);
    Job.Policies policies = new PolicyReader(fields).read(schedule != null && schedule.recurring());
    options.putAll(new OptionReader(fields, targetRules, TargetOwner.of(id, current)).read());
    fields.end();
    if (faults.count() > before || target == null || schedule == null || policies == null) {
      return null;
    }
    return new Job(
        id,
        name,
        description,
        queue == null ? Job.DEFAULT_QUEUE : queue,
        priority,
        labels,
        target,
        Debounce.of(options).map(debounce -> debounce.schedule(schedule)).orElse(schedule),
        policies,
        options,
        current == null ? Origin.CANONICAL : origin(current, target, schedule));
  }

  /** What the creating call said, as far as it still holds. */
  private static Origin origin(Job current, Target target, Schedule schedule) {
    Set<String> stale = new HashSet<>();
    if (!target.equals(current.target())) {
      stale.add(Origin.TASK);
    }
    if (!schedule.equals(current.schedule())) {
      stale.add(Origin.DELAY_SECONDS);
    }
    return stale.isEmpty() ? current.origin() : current.origin().without(stale);
  }

  /**
   * Reads a schedule alone, as for a preview; null if and only if faults were added.
   *
   * @param from taken for now
   */
  public @Nullable Schedule readSchedule(
      ObjectNode schedule, String pointer, Faults faults, Instant from) {
    ScheduleReader.Known known =
        new ScheduleReader.Known(from, null, JobId.DEFAULT_NAMESPACE, calendars);
    return new ScheduleReader(schedule, pointer, faults, known).read(schedule);
  }

  /** What may surprise the author of a job; computed from the job alone. */
  public List<String> warnings(Job job) {
    return Surprises.of(job);
  }

  private static void sameId(Fields fields, JobId id) {
    String given = fields.text("id");
    if (given != null && !given.equals(id.value())) {
      fields.fault("id", "id_mismatch", "the body names another job than the path");
    }
  }

  private static @Nullable String name(Fields fields, String field) {
    String name = fields.text(field);
    if (name != null) {
      Names.check(name, fields.pointer(field), fields.faults());
    }
    return name;
  }

  private static @Nullable String description(Fields fields) {
    String text = fields.text("description");
    if (text != null && text.codePointCount(0, text.length()) > LONGEST_DESCRIPTION) {
      fields.fault(
          "description", "description_too_long", "at most " + LONGEST_DESCRIPTION + " characters");
    }
    return text;
  }

  private static Priority priority(Fields fields) {
    String text = fields.text("priority");
    List<String> names = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      String name = priority.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return priority;
      }
      names.add(name);
    }
    if (text != null) {
      fields.unknownValue("priority", text, names);
    }
    return Priority.NORMAL;
  }

  static Map<String, String> labels(Fields fields) {
    Map<String, String> labels = new LinkedHashMap<>();
    ObjectNode node = fields.object("labels");
    if (node == null) {
      return labels;
    }
    if (node.size() > MOST_LABELS) {
      fields.fault("labels", "labels_too_many", node.size() + " labels; at most " + MOST_LABELS);
      return labels;
    }
    node.properties().forEach(entry -> label(fields, entry.getKey(), entry.getValue(), labels));
    return labels;
  }

  private static void label(
      Fields fields, String name, JsonNode value, Map<String, String> labels) {
    String pointer = Faults.child(fields.pointer("labels"), name);
    Faults faults = fields.faults();
    if (!LABEL.matcher(name).matches()) {
      faults.add(pointer, "label_name", "a label's name is 1–63 of letters, digits and . _ / -");
    }
    if (!value.isTextual()) {
      faults.add(
          pointer, "json_type", "a label's value must be a string, not " + Fields.kind(value));
      return;
    }
    String text = value.textValue();
    if (text.codePointCount(0, text.length()) > LONGEST_LABEL
        || text.codePoints().anyMatch(Character::isISOControl)) {
      faults.add(
          pointer,
          "label_value",
          "a label's value has at most " + LONGEST_LABEL + " characters and no control characters");
    }
    labels.put(name, text);
  }

  private @Nullable Schedule schedule(
      Fields fields, Map<String, Object> options, String namespace, @Nullable Job current) {
    if (!fields.has("schedule")) {
      fields.any("schedule");
      return new Schedule.Now(Limits.NONE);
    }
    ObjectNode node = fields.object("schedule");
    if (node == null) {
      return null;
    }
    ScheduleReader reader =
        new ScheduleReader(
            node,
            fields.pointer("schedule"),
            fields.faults(),
            new ScheduleReader.Known(
                clock.instant(),
                current == null ? null : current.schedule(),
                namespace,
                calendars));
    Schedule schedule = reader.read(node);
    boolean zoned = schedule instanceof Schedule.Cron || schedule instanceof Schedule.DailyWindow;
    if (reader.zoneAssumed() && zoned) {
      options.put(OptionReader.ZONE_ASSUMED, true);
    }
    return schedule;
  }
}
