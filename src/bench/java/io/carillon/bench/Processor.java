package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux knows of a process: processor time and memory. Stateless. */
final class Processor {
  /** Clock ticks are hundredths of a second on every Linux there is for the JVM. */
  private static final long MILLIS_PER_TICK = 10;

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private Processor() {}

  /** User and system time of the processes so far, in milliseconds. */
  static long millis(Collection<Long> pids) {
    return pids.stream().mapToLong(Processor::millis).sum();
  }

  /** User and system time of a process so far, in milliseconds; 0 for one that is not here. */
  static long millis(long pid) {
    String stat = read(pid, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
  }

  /** The most memory that a process ever had resident, in MB. */
  static long peakMegabytes(long pid) {
    return megabytes(pid, PEAK);
  }

  static long residentMegabytes(long pid) {
    return megabytes(pid, RESIDENT);
  }

  private static long megabytes(long pid, Pattern line) {
    Matcher found = line.matcher(read(pid, "status"));
    return found.find() ? Long.parseLong(found.group(1)) / 1024 : 0;
  }

  private static String read(long pid, String file) {
    Path path = Path.of("/proc", Long.toString(pid), file);
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (IOException gone) {
      return ""; // it ended between the two calls
    }
  }
}
