package io.carillon.bench;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/**
 * Does nothing but note that it ran: the number in its job's name, and how late. Thread-safe; the
 * notes are those of the JVM.
 */
public final class StockJob implements Job {
  private static final Object GATE = new Object();
  private static final int LATENESS_KEPT = 200_000;

  private static BitSet ran = new BitSet();
  private static long[] lateness = new long[LATENESS_KEPT];
  private static int count;
  private static long last;

  /** Called by Quartz. */
  public StockJob() {}

  @Override
  public void execute(JobExecutionContext context) {
    int number = Integer.parseInt(context.getJobDetail().getKey().getName().substring(1));
    long now = Pause.now().toEpochMilli();
    long late = now - context.getScheduledFireTime().getTime();
    synchronized (GATE) {
      ran.set(number);
      lateness[count % LATENESS_KEPT] = late;
      count++;
      last = Math.max(last, now);
    }
  }

  static void forget() {
    synchronized (GATE) {
      ran = new BitSet();
      lateness = new long[LATENESS_KEPT];
      count = 0;
      last = 0;
    }
  }

  static int count() {
    synchronized (GATE) {
      return count;
    }
  }

  /** Everything noted in one line: runs, instant of the last, numbers as bits, lateness of each. */
  static String report() {
    synchronized (GATE) {
      StringBuilder late = new StringBuilder();
      Arrays.stream(lateness, 0, Math.min(count, LATENESS_KEPT))
          .forEach(millis -> late.append(late.isEmpty() ? "" : ",").append(millis));
      return count
          + " "
          + last
          + " "
          + Base64.getEncoder().encodeToString(ran.toByteArray())
          + "; "
          + late;
    }
  }

  /** What one node noted, or several together. */
  record Report(int count, Instant last, BitSet ran, long... lateness) {
    static Report parse(String line) {
      String[] parts = line.split(" ", -1);
      String bits = parts[2].substring(0, parts[2].length() - 1);
      return new Report(
          Integer.parseInt(parts[0]),
          Instant.ofEpochMilli(Long.parseLong(parts[1])),
          BitSet.valueOf(Base64.getDecoder().decode(bits)),
          parts[3].isEmpty()
              ? new long[0]
              : Arrays.stream(parts[3].split(",")).mapToLong(Long::parseLong).toArray());
    }

    Report and(Report other) {
      BitSet both = (BitSet) ran.clone();
      both.or(other.ran);
      long[] all = Arrays.copyOf(lateness, lateness.length + other.lateness.length);
      System.arraycopy(other.lateness, 0, all, lateness.length, other.lateness.length);
      return new Report(
          count + other.count, last.isAfter(other.last) ? last : other.last, both, all);
    }
  }
}
