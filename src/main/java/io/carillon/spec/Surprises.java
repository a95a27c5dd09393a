package io.carillon.spec;

import io.carillon.cron.CronReader;
import io.carillon.cron.Reading;
import io.carillon.job.Job;
import io.carillon.job.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is valid and may surprise its author all the same, in plain English. Stateless. */
public final class Surprises {
  /** Fields of {@link Job#later()} that have an effect by now. */
  private static final Set<String> IN_EFFECT = Set.of("fifoKey", "throttle", "concurrency");

  private Surprises() {}

  /** Of a job, computed from itself alone. */
  static List<String> of(Job job) {
    List<String> warnings =
        new ArrayList<>(of(job.schedule(), job.later().containsKey(LaterReader.ZONE_ASSUMED)));
    if (job.later().containsKey(LaterReader.ASYNC)) {
      warnings.add(withoutEffect("target.async"));
    }
    LaterReader.NAMES.stream()
        .filter(job.later()::containsKey)
        .filter(field -> !IN_EFFECT.contains(field))
        .forEach(field -> warnings.add(withoutEffect(field)));
    return warnings;
  }

  /**
   * Of a schedule.
   *
   * @param zoneAssumed whether none was given where one is meant
   */
  public static List<String> of(Schedule schedule, boolean zoneAssumed) {
    List<String> warnings = new ArrayList<>();
    if (schedule instanceof Schedule.Cron cron) {
      if (zoneAssumed) {
        warnings.add("no timeZone was given: the cron text is read in UTC");
      }
      if (CronReader.read(cron.text(), cron.dialect()) instanceof Reading.Valid valid) {
        warnings.addAll(valid.warnings());
      }
    } else if (schedule instanceof Schedule.DailyWindow && zoneAssumed) {
      warnings.add("no timeZone was given: the window is read in UTC");
    }
    return warnings;
  }

  private static String withoutEffect(String field) {
    return "'" + field + "' is kept and shown; it has no effect yet";
  }
}
