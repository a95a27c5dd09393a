package io.carillon.spec;

import io.carillon.cron.CronReader;
import io.carillon.cron.Reading;
import io.carillon.job.Debounce;
import io.carillon.job.Job;
import io.carillon.job.Link;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.util.ArrayList;
import java.util.List;

/** What is valid and may surprise its author all the same, in plain English. Stateless. */
public final class Surprises {
  private Surprises() {}

  /** Of a job, computed from itself alone. */
  static List<String> of(Job job) {
    List<String> warnings =
        new ArrayList<>(of(job.schedule(), job.options().containsKey(OptionReader.ZONE_ASSUMED)));
    if (job.options().containsKey(Link.GROUP) && repeatsWithoutEnd(job.schedule())) {
      warnings.add("the job repeats without end: as long as it does, its group is not complete");
    }
    warnings.addAll(ofPolicies(job));
    return warnings;
  }

  private static List<String> ofPolicies(Job job) {
    List<String> warnings = new ArrayList<>();
    RetryPolicy retry = job.policies().retry();
    retry.retryOn().stream()
        .filter(retry.stopOn()::contains)
        .forEach(
            word -> warnings.add("'" + word + "' is in retryOn and in stopOn: it is not retried"));
    if (job.options().containsKey("dedup") && job.options().containsKey("dedupKey")) {
      warnings.add("of 'dedup' and 'dedupKey' the first counts");
    }
    if (Debounce.of(job).isPresent() && !Debounce.isPutOff(job.schedule())) {
      warnings.add("'debounce.wait' puts nothing off: the schedule says when the job runs");
    }
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

  private static boolean repeatsWithoutEnd(Schedule schedule) {
    return schedule.recurring()
        && schedule.limits().endAt() == null
        && schedule.limits().maxRuns() == null;
  }
}
