package io.carillon.quartz;

import io.carillon.job.Debounce;
import io.carillon.job.Dedup;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs with keys, each of an id of its own. */
final class Keyed {
  private Keyed() {}

  /** Due in an hour. */
  static Job dedup(String key, Dedup.Mode mode) {
    return dedup(key, mode, null, Samples.in(Duration.ofHours(1)));
  }

  static Job dedup(String key, Dedup.Mode mode, @Nullable Duration ttl, Schedule schedule) {
    Map<String, Object> dedup = new HashMap<>(Map.of("key", key, "mode", mode.name()));
    if (ttl != null) {
      dedup.put("ttl", ttl.toString());
    }
    return SampleJob.noop(Samples.newId(), schedule).options(Map.of("dedup", dedup)).build();
  }

  static Job debounced(String key, Duration wait) {
    Map<String, Object> options = Map.of("debounce", Map.of("key", key, "wait", wait.toString()));
    Schedule schedule = Debounce.of(options).orElseThrow().schedule(new Schedule.Now(Limits.NONE));
    return SampleJob.noop(Samples.newId(), schedule).options(options).build();
  }
}
