package io.carillon.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Feels how the machine is: one thread that wants to run every 10 ms, and one that wants to write a
 * block to the disk every 100 ms. Where they wait long, so does everything else, and a late call
 * tells nothing of the server. Thread-safe; closing ends both threads.
 */
public final class Canary implements AutoCloseable {
  /** From here on, lateness is judged less the machine's stalls. */
  private static final Duration TOO_LONG = Duration.ofSeconds(1);

  private static final Duration NOTED = Duration.ofMillis(100);
  private static final Duration TURN = Duration.ofMillis(10);
  private static final Duration WRITE = Duration.ofMillis(100);

  private final InstantSource clock = InstantSource.system();
  private final ConcurrentLinkedQueue<Stall> stalls = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService threads;
  private final FileChannel file;
  // Of the turn's thread only.
  private long lastNanos = System.nanoTime();

  /** A time in which a thread was not run, or a block not written, though it should have been. */
  public record Stall(Instant from, Instant to, boolean ofDisk) {
    Duration length() {
      return Duration.between(from, to);
    }
  }

  private Canary(FileChannel file) {
    this.file = file;
    this.threads =
        Executors.newScheduledThreadPool(
            2,
            work -> {
              Thread thread = new Thread(work, "canary");
              thread.setDaemon(true);
              return thread;
            });
  }

  public static Canary start() throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "harness"));
    Path path = Files.createTempFile(folder, "canary-", ".bin");
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    Canary canary = new Canary(file);
    canary.threads.scheduleWithFixedDelay(canary::turn, 0, TURN.toMillis(), TimeUnit.MILLISECONDS);
    canary.threads.scheduleWithFixedDelay(
        canary::write, 0, WRITE.toMillis(), TimeUnit.MILLISECONDS);
    return canary;
  }

  private void turn() {
    long now = System.nanoTime();
    note(now - lastNanos - TURN.toNanos(), false);
    lastNanos = System.nanoTime();
  }

  private void write() {
    long before = System.nanoTime();
    try {
      file.write(ByteBuffer.allocate(4_096), 0);
      file.force(true);
      note(System.nanoTime() - before, true);
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void note(long nanos, boolean ofDisk) {
    if (nanos >= NOTED.toNanos()) {
      Instant now = clock.instant();
      stalls.add(new Stall(now.minusNanos(nanos), now, ofDisk));
    }
  }

  /** Whether this machine stood still for so long that lateness cannot be judged as it is. */
  public boolean isUnwell() {
    return worst().compareTo(TOO_LONG) > 0;
  }

  public Duration worst() {
    return stalls.stream().map(Stall::length).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /** A lateness as it is judged: less the stalls that lie in it, but only on an unwell machine. */
  public Duration judged(Duration lateness, Instant arrival) {
    if (!isUnwell()) {
      return lateness;
    }
    Instant due = arrival.minus(lateness);
    Duration cpu = sum(due, arrival, false);
    Duration disk = sum(due, arrival, true);
    return lateness.minus(cpu.compareTo(disk) > 0 ? cpu : disk);
  }

  private Duration sum(Instant from, Instant to, boolean ofDisk) {
    return stalls.stream()
        .filter(stall -> stall.ofDisk() == ofDisk)
        .map(stall -> new Disturbance(stall.from(), stall.to()).within(from, to))
        .reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public String toString() {
    List<Stall> all = List.copyOf(stalls);
    if (all.isEmpty()) {
      return "machine steady";
    }
    return "machine stalled %d times, %d ms at worst%s"
        .formatted(
            all.size(),
            worst().toMillis(),
            isUnwell() ? ": lateness is judged less the stalls" : "");
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    file.close();
  }
}
