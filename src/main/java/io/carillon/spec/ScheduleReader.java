package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.CronReader;
import io.carillon.cron.Reading;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code schedule}. One use; not thread-safe. */
final class ScheduleReader {
  /** A clock this much behind ours is forgiven. */
  static final Duration FORGIVEN = Duration.ofSeconds(5);

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_JITTER = Duration.ofDays(1);

  /** The types that this server can fire. */
  private static final List<String> TYPES =
      List.of("now", "delay", "at", "fixedRate", "fixedDelay", "cron");

  private static final Set<String> COMMON =
      Set.of("type", "startAt", "endAt", "maxRuns", "jitter", "calendars", "timeZone");
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "now", Set.of(),
          "delay", Set.of("delay"),
          "at", Set.of("at", "allowPast", "anchor", "offset"),
          "fixedRate", Set.of("every"),
          "fixedDelay", Set.of("every"),
          "cron", Set.of("cron", "dialect", "dst"),
          "dailyWindow", Set.of("from", "to", "every", "days", "dst"));
  private static final Set<String> ALL = all();

  private final Fields fields;
  private final Instant now;
  private final @Nullable Schedule current;
  private @Nullable ZoneId zone;
  private boolean zoneGiven;
  private boolean zoneAssumed;

  /**
   * @param current the schedule it replaces: what it already was is not held against it
   */
  ScheduleReader(
      ObjectNode schedule, String pointer, Faults faults, Instant now, @Nullable Schedule current) {
    this.fields = new Fields(schedule, pointer, faults);
    this.now = now;
    this.current = current;
  }

  /** The names of the fields that belong to one type alone, for patches that change the type. */
  static Set<String> ownFields(String type) {
    return OWN.getOrDefault(type, Set.of());
  }

  /** The type a schedule means by the fields it has; null if that is not clear. */
  static @Nullable String impliedType(ObjectNode schedule) {
    Set<String> kinds = new LinkedHashSet<>();
    kind(schedule, "delay", "delay", kinds);
    kind(schedule, "at", "at", kinds);
    kind(schedule, "anchor", "at", kinds);
    kind(schedule, "every", "fixedRate", kinds);
    kind(schedule, "cron", "cron", kinds);
    return kinds.size() == 1 ? kinds.iterator().next() : null;
  }

  private static void kind(ObjectNode schedule, String field, String kind, Set<String> kinds) {
    if (schedule.hasNonNull(field)) {
      kinds.add(kind);
    }
  }

  /** Whether a cron text came without a zone and was read in UTC. */
  boolean zoneAssumed() {
    return zoneAssumed;
  }

  @Nullable Schedule read(ObjectNode schedule) {
    int before = fields.faults().count();
    fields.know(ALL);
    String type = type(schedule);
    if (type == null) {
      fields.end();
      return null;
    }
    belongs(type);
    zone(type);
    Limits limits = limits();
    Schedule read = limits == null ? null : ofType(type, limits);
    if (limits == null) {
      ofType(type, Limits.NONE);
    }
    fields.end();
    if (read == null || fields.faults().count() > before) {
      return null;
    }
    return fires(read) ? read : null;
  }

  private @Nullable String type(ObjectNode schedule) {
    if (fields.any("type") == null) {
      String implied = impliedType(schedule);
      if (implied == null) {
        boolean none = ALL.stream().noneMatch(name -> !COMMON.contains(name) && fields.has(name));
        if (none) {
          fields.required("type");
        } else {
          ambiguous("fields of more than one type; name the 'type'");
        }
      }
      return implied;
    }
    String type = fields.text("type");
    if (type == null) {
      return null;
    }
    if (type.equals("dailyWindow")) {
      fields.fault("type", "schedule_type_unsupported", "'dailyWindow' is not supported yet");
      return null;
    }
    if (!TYPES.contains(type)) {
      fields.fault(
          "type",
          "schedule_type_unknown",
          "'"
              + Fields.shown(type)
              + "' is not one of "
              + String.join(" ", TYPES)
              + Nearest.hint(type, TYPES));
      return null;
    }
    return type;
  }

  /** Fields of another type would be silently ignored; so they are refused. */
  private void belongs(String type) {
    Set<String> own = ownFields(type);
    Set<String> strange = new LinkedHashSet<>();
    for (String name : List.of("delay", "at", "anchor", "every", "cron", "from", "to", "days")) {
      if (fields.has(name) && !own.contains(name)) {
        strange.add(name);
      }
    }
    if (!strange.isEmpty()) {
      ambiguous("type '" + type + "' does not take '" + String.join("', '", strange) + "'");
    }
    for (String name : List.of("allowPast", "offset", "dialect", "dst")) {
      if (fields.has(name) && !own.contains(name) && strange.isEmpty()) {
        fields.fault(
            name, "field_not_for_type", "type '" + type + "' does not take '" + name + "'");
      }
    }
    boolean local = fields.has("startAt") || fields.has("endAt");
    if (fields.has("timeZone")
        && !type.equals("cron")
        && !type.equals("at")
        && !local
        && strange.isEmpty()) {
      fields.fault(
          "timeZone", "field_not_for_type", "type '" + type + "' does not take 'timeZone'");
    }
  }

  private void ambiguous(String detail) {
    String self = fields.pointer("");
    fields.faults().add(self.substring(0, self.length() - 1), "schedule_ambiguous", detail);
  }

  private void zone(String type) {
    String text = fields.text("timeZone");
    zoneGiven = text != null;
    if (text != null) {
      zone = Zones.read(text).orElse(null);
      if (zone == null) {
        Zones.unknown(text, fields.pointer("timeZone"), fields.faults());
      }
    } else if (type.equals("cron")) {
      zoneAssumed = true;
    }
  }

  private @Nullable Limits limits() {
    int before = fields.faults().count();
    Instant startAt = Moments.read(fields, "startAt", zone, zoneGiven);
    Instant endAt = Moments.read(fields, "endAt", zone, zoneGiven);
    if (startAt != null && endAt != null && !endAt.isAfter(startAt)) {
      fields.fault("endAt", "end_before_start", "'endAt' must be later than 'startAt'");
    }
    Integer maxRuns = fields.integer("maxRuns", 1, Integer.MAX_VALUE, "max_runs_range");
    Duration jitter = fields.duration("jitter", Duration.ZERO, LONGEST_JITTER, "jitter_range");
    ArrayNode calendars = fields.array("calendars", 20);
    for (int i = 0; calendars != null && i < calendars.size(); i++) {
      fields.fault("calendars", "calendar_unknown", "no calendar " + calendars.get(i) + " exists");
    }
    if (fields.faults().count() > before) {
      return null;
    }
    return new Limits(startAt, endAt, maxRuns, jitter == null ? Duration.ZERO : jitter, List.of());
  }

  private @Nullable Schedule ofType(String type, Limits limits) {
    return switch (type) {
      case "delay" -> delay(limits);
      case "at" -> at(limits);
      case "fixedRate" -> {
        Duration every = every();
        yield every == null ? null : new Schedule.FixedRate(every, limits);
      }
      case "fixedDelay" -> {
        Duration every = every();
        yield every == null ? null : new Schedule.FixedDelay(every, limits);
      }
      case "cron" -> cron(limits);
      default -> new Schedule.Now(limits);
    };
  }

  private @Nullable Schedule delay(Limits limits) {
    if (!fields.has("delay")) {
      fields.required("delay");
      return null;
    }
    Duration delay = fields.duration("delay", Duration.ZERO, Durations.LONGEST, "delay_range");
    return delay == null ? null : new Schedule.Delay(delay, limits);
  }

  private @Nullable Duration every() {
    if (!fields.has("every")) {
      fields.required("every");
      return null;
    }
    return fields.duration("every", SHORTEST_INTERVAL, Durations.LONGEST, "interval_range");
  }

  private @Nullable Schedule at(Limits limits) {
    boolean allowPast = Boolean.TRUE.equals(fields.flag("allowPast"));
    boolean anchored = fields.has("anchor") || fields.has("offset");
    if (anchored && fields.has("at")) {
      ambiguous("give either 'at' or 'anchor' and 'offset'");
      return null;
    }
    if (!anchored) {
      if (!fields.has("at")) {
        fields.required("at");
        return null;
      }
      Instant at = Moments.read(fields, "at", zone, zoneGiven);
      return at == null
          ? null
          : notPast("at", new Schedule.At(at, zone, allowPast, null, null, limits));
    }
    for (String name : List.of("anchor", "offset")) {
      if (!fields.has(name)) {
        fields.required(name);
      }
    }
    Instant anchor = Moments.read(fields, "anchor", zone, zoneGiven);
    Duration offset =
        fields.duration("offset", Durations.LONGEST.negated(), Durations.LONGEST, "offset_range");
    if (anchor == null || offset == null) {
      return null;
    }
    Instant at = Moments.within(fields, "offset", anchor.plus(offset));
    return at == null
        ? null
        : notPast("anchor", new Schedule.At(at, zone, allowPast, anchor, offset, limits));
  }

  private Schedule notPast(String name, Schedule.At schedule) {
    boolean known = current instanceof Schedule.At before && before.at().equals(schedule.at());
    if (!schedule.allowPast() && !known && schedule.at().isBefore(now.minus(FORGIVEN))) {
      fields.fault(name, "at_in_past", schedule.at() + " is past; 'allowPast' lets it run at once");
    }
    return schedule;
  }

  private @Nullable Schedule cron(Limits limits) {
    Map<String, Object> dst = dst();
    String dialect = fields.text("dialect");
    if (!fields.has("cron")) {
      fields.required("cron");
      return null;
    }
    String text = fields.text("cron");
    if (text == null) {
      return null;
    }
    Reading reading = CronReader.read(text, dialect);
    if (reading instanceof Reading.Invalid invalid) {
      String place = invalid.code().equals("cron_dialect") && dialect != null ? "dialect" : "cron";
      fields.fault(place, invalid.code(), invalid.detail());
      return null;
    }
    if (reading instanceof Reading.Every every) {
      zoneAssumed = false;
      return interval(every.every(), limits);
    }
    Reading.Valid valid = (Reading.Valid) reading;
    return new Schedule.Cron(
        text, valid.normalized(), valid.dialect(), zone == null ? Zones.UTC : zone, dst, limits);
  }

  private @Nullable Schedule interval(Duration every, Limits limits) {
    if (every.compareTo(SHORTEST_INTERVAL) < 0 || every.compareTo(Durations.LONGEST) > 0) {
      fields.fault("cron", "interval_range", "an interval is at least " + SHORTEST_INTERVAL);
      return null;
    }
    return new Schedule.FixedRate(every, limits);
  }

  private Map<String, Object> dst() {
    Fields dst = fields.fields("dst");
    Map<String, Object> policy = new LinkedHashMap<>();
    if (dst != null) {
      word(dst, "gap", List.of("RUN_AFTER", "SKIP"), policy);
      word(dst, "overlap", List.of("FIRST", "SECOND", "BOTH"), policy);
      dst.end();
    }
    return policy;
  }

  private static void word(
      Fields fields, String name, List<String> words, Map<String, Object> into) {
    String word = fields.text(name);
    if (word == null) {
      return;
    }
    if (words.contains(word)) {
      into.put(name, word);
    } else {
      fields.unknownValue(name, word, words);
    }
  }

  private boolean fires(Schedule schedule) {
    if (schedule.equals(current) || Plan.first(schedule, now).isPresent()) {
      return true;
    }
    if (schedule instanceof Schedule.Cron) {
      fields.fault("cron", "cron_never_fires", "no date from now on matches this text");
    } else {
      fields.fault("endAt", "schedule_never_fires", "it ends before it fires for the first time");
    }
    return false;
  }

  private static Set<String> all() {
    Set<String> all = new LinkedHashSet<>(COMMON);
    OWN.values().forEach(all::addAll);
    return Set.copyOf(all);
  }
}
