package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.CronReader;
import io.carillon.cron.DstPolicy;
import io.carillon.cron.Reading;
import io.carillon.job.Exclusions;
import io.carillon.job.KnownCalendars;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code schedule}. One use; not thread-safe. */
final class ScheduleReader {
  /** A clock this much behind ours is forgiven. */
  static final Duration FORGIVEN = Duration.ofSeconds(5);

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_JITTER = Duration.ofDays(1);

  private final Fields fields;
  private final Known known;
  private final CalendarNames calendars;
  private @Nullable ZoneId zone;

  private boolean zoneGiven;
  private boolean zoneAssumed;

  /**
   * What is known beside the schedule itself.
   *
   * @param current the schedule it replaces: what it already was is not held against it
   */
  record Known(
      Instant now, @Nullable Schedule current, String namespace, KnownCalendars calendars) {}

  ScheduleReader(ObjectNode schedule, String pointer, Faults faults, Known known) {
    this.fields = new Fields(schedule, pointer, faults);
    this.known = known;
    this.calendars = new CalendarNames(known.namespace(), known.calendars());
  }

  /** Whether a cron text or a window came without a zone and was read in UTC. */
  boolean zoneAssumed() {
    return zoneAssumed;
  }

  @Nullable Schedule read(ObjectNode schedule) {
    int before = fields.faults().count();
    ScheduleShape shape = new ScheduleShape(fields);
    String type = shape.type(schedule);
    if (type == null) {
      zone("");
      limits();
      fields.end();
      return null;
    }
    shape.check(type);
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

  private void zone(String type) {
    String text = fields.text("timeZone");
    zoneGiven = text != null;
    if (text != null) {
      zone = Zones.read(text).orElse(null);
      if (zone == null) {
        Zones.unknown(text, fields.pointer("timeZone"), fields.faults());
      }
    } else if (type.equals("cron") || type.equals("dailyWindow")) {
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
    List<String> named = calendars.read(fields, known.current());
    if (fields.faults().count() > before) {
      return null;
    }
    return new Limits(startAt, endAt, maxRuns, jitter == null ? Duration.ZERO : jitter, named);
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
      case "dailyWindow" -> window(limits);
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
      new ScheduleShape(fields).ambiguous("give either 'at' or 'anchor' and 'offset'");
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
    boolean same =
        known.current() instanceof Schedule.At before && before.at().equals(schedule.at());
    if (!schedule.allowPast() && !same && schedule.at().isBefore(known.now().minus(FORGIVEN))) {
      fields.fault(name, "at_in_past", schedule.at() + " is past; 'allowPast' lets it run at once");
    }
    return schedule;
  }

  private @Nullable Schedule cron(Limits limits) {
    DstPolicy dst = dst();
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

  private @Nullable Schedule window(Limits limits) {
    Duration every = every();
    DstPolicy dst = dst();
    return new WindowReader(fields).read(every, zone == null ? Zones.UTC : zone, dst, limits);
  }

  private DstPolicy dst() {
    Fields dst = fields.fields("dst");
    if (dst == null) {
      return DstPolicy.BY_RHYTHM;
    }
    DstPolicy.Gap gap = dst.oneOf("gap", DstPolicy.Gap.class);
    DstPolicy.Overlap overlap = dst.oneOf("overlap", DstPolicy.Overlap.class);
    dst.end();
    return new DstPolicy(gap, overlap);
  }

  private boolean fires(Schedule schedule) {
    if (schedule.equals(known.current())) {
      return true;
    }
    if (fires(schedule, calendars.exclusions(schedule))) {
      return true;
    }
    if (fires(schedule, Exclusions.NONE)) {
      fields.fault("calendars", "schedule_never_fires", "they exclude every instant of it");
    } else if (schedule instanceof Schedule.Cron cron && !fires(endless(cron), Exclusions.NONE)) {
      fields.fault("cron", "cron_never_fires", "no date from now on matches this text");
    } else {
      fields.fault("endAt", "schedule_never_fires", "it ends before it fires for the first time");
    }
    return false;
  }

  private boolean fires(Schedule schedule, Exclusions without) {
    return Timetable.of(schedule, known.now(), without).first().isPresent();
  }

  private static Schedule endless(Schedule.Cron cron) {
    return new Schedule.Cron(
        cron.text(),
        cron.normalized(),
        cron.dialect(),
        cron.zone(),
        cron.dst(),
        Limits.between(cron.limits().startAt(), null));
  }
}
