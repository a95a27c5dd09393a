package io.carillon.quartz;

import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.quartz.store.PlannedJob.Rhythm;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans that neither a plain cron trigger nor a simple one can tell, and how they are said. Pure.
 */
final class OwnPlan {
  private OwnPlan() {}

  static boolean isNeeded(Schedule schedule) {
    Limits limits = schedule.limits();
    return !limits.jitter().isZero()
        || !limits.calendars().isEmpty()
        || schedule instanceof Schedule.DailyWindow
        || schedule instanceof Schedule.Cron cron && !cron.isPlain();
  }

  static Rhythm.Own of(Schedule schedule) {
    ZoneId zone = schedule.zone();
    return new Rhythm.Own(plan(schedule), zone == null ? "" : zone.getId(), rules(schedule));
  }

  private static String plan(Schedule schedule) {
    if (schedule instanceof Schedule.Cron cron) {
      return "cron " + cron.normalized();
    }
    if (schedule instanceof Schedule.DailyWindow window) {
      return "every %s from %s to %s on %s"
          .formatted(
              window.every(), window.from(), window.to(), window.days().stream().sorted().toList());
    }
    if (schedule instanceof Schedule.FixedRate rate) {
      return "every " + rate.every();
    }
    return schedule instanceof Schedule.FixedDelay delay
        ? "every " + delay.every() + " after the end of a run"
        : "once";
  }

  private static String rules(Schedule schedule) {
    List<String> rules = new ArrayList<>();
    if (schedule instanceof Schedule.Cron cron) {
      rules.add(cron.dst().toString());
    } else if (schedule instanceof Schedule.DailyWindow window) {
      rules.add(window.dst().toString());
    }
    Limits limits = schedule.limits();
    if (!limits.jitter().isZero()) {
      rules.add("jitter " + limits.jitter());
    }
    if (!limits.calendars().isEmpty()) {
      rules.add("calendars " + String.join(", ", limits.calendars()));
    }
    return String.join("; ", rules);
  }
}
