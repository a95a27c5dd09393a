package io.carillon.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * By how much a run is put off: the same for a job and an instant on every node and at every look,
 * spread evenly from nothing to the most, whole milliseconds. The planned instant stays what it is.
 */
public final class Jitter {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Jitter() {}

  /** When a planned instant runs. */
  public static Instant apply(JobId job, Instant planned, Duration most) {
    long range = most.toMillis() + 1;
    return range <= 1
        ? planned
        : planned.plusMillis(Long.remainderUnsigned(hash(job, planned), range));
  }

  /**
   * FNV-1a of job and instant, with the finish of SplitMix64, as FNV mixes its high bits poorly.
   */
  private static long hash(JobId job, Instant planned) {
    String text = job.namespace() + '\n' + job.value() + '\n' + planned.toEpochMilli();
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
