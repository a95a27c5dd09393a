package io.carillon.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much of this machine's processor time others take from this test and its children, by what
 * Linux counts; elsewhere nothing. For one thread.
 */
final class Neighbours {
  private static final Path COUNTS = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int WAITING_FOR_DISK = 4;
  private static final int CPUS = Runtime.getRuntime().availableProcessors();

  private long[] counts = {};
  private Map<Long, Duration> ours = Map.of();
  private long nanos = System.nanoTime();

  /**
   * The share of the processors' time, from 0 to 1, that was wanting since the last call because
   * others had it: what they used, less what lay idle.
   */
  double taken() throws IOException {
    if (!Files.isReadable(COUNTS)) {
      return 0;
    }
    long[] before = counts;
    Map<Long, Duration> oursBefore = ours;
    long begin = nanos;
    counts = read();
    ours = read(ProcessHandle.current());
    nanos = System.nanoTime();
    if (before.length == 0) {
      return 0;
    }
    double all = Arrays.stream(counts).sum() - Arrays.stream(before).sum();
    double idle =
        (counts[IDLE] - before[IDLE] + counts[WAITING_FOR_DISK] - before[WAITING_FOR_DISK]) / all;
    double mine = used(oursBefore) / ((double) CPUS * (nanos - begin));
    return Math.max(0, Math.min(1, 1 - idle - mine - idle));
  }

  private double used(Map<Long, Duration> before) {
    double sum = 0;
    for (Map.Entry<Long, Duration> each : ours.entrySet()) {
      sum += each.getValue().minus(before.getOrDefault(each.getKey(), Duration.ZERO)).toNanos();
    }
    return sum;
  }

  /** User, nice, system, idle, iowait, irq, softirq, steal: the first line of the file. */
  private static long[] read() throws IOException {
    try (Stream<String> lines = Files.lines(COUNTS)) {
      String[] words = lines.findFirst().orElse("cpu").split("\\s+");
      return Arrays.stream(words, 1, Math.min(9, words.length))
          .mapToLong(Long::parseLong)
          .toArray();
    }
  }

  private static Map<Long, Duration> read(ProcessHandle self) {
    Map<Long, Duration> used = new HashMap<>();
    Stream.concat(Stream.of(self), self.descendants())
        .forEach(
            each ->
                each.info()
                    .totalCpuDuration()
                    .ifPresent(duration -> used.put(each.pid(), duration)));
    return used;
  }
}
