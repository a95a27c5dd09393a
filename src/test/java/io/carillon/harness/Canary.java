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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Feels how the machine is: one thread wants to run every 10 ms, one to write a block to the disk
 * every 100 ms, and one asks every half second what other people's processes take. A call that is
 * late because the machine stood still, or had no time for us, tells nothing of the server; so on
 * an unwell machine, and only there, lateness is judged less that time. Thread-safe; closing ends
 * the threads.
 */
public final class Canary implements AutoCloseable {
  /** A stall of this length makes a machine unwell. */
  private static final Duration TOO_LONG = Duration.ofSeconds(1);

  /** So does a share of the processors that others take from us on average. */
  private static final double TOO_MUCH = 0.2;

  private static final Duration NOTED = Duration.ofMillis(100);
  private static final Duration TURN = Duration.ofMillis(10);
  private static final Duration WRITE = Duration.ofMillis(100);
  private static final Duration COUNT = Duration.ofMillis(500);

  private final InstantSource clock = InstantSource.system();
  private final Queue<Disturbance> stalls = new ConcurrentLinkedQueue<>();
  private final Queue<Disturbance> writes = new ConcurrentLinkedQueue<>();
  private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService threads;
  private final FileChannel file;
  // Of the turn's thread only.
  private long lastNanos = System.nanoTime();
  // Of the counting thread only.
  private final Neighbours neighbours = new Neighbours();
  private Instant counted;

  /** The share of the processors that others took from us in a while. */
  private record Taken(Disturbance when, double share) {
    Duration within(Instant from, Instant to) {
      return Duration.ofNanos((long) (when.within(from, to).toNanos() * share));
    }
  }

  private Canary(FileChannel file) {
    this.file = file;
    this.counted = clock.instant();
    this.threads =
        Executors.newScheduledThreadPool(
            3,
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
    canary.every(TURN, canary::turn);
    canary.every(WRITE, canary::write);
    canary.every(COUNT, canary::count);
    return canary;
  }

  private void every(Duration pause, Runnable work) {
    threads.scheduleWithFixedDelay(work, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void turn() {
    note(System.nanoTime() - lastNanos - TURN.toNanos(), stalls);
    lastNanos = System.nanoTime();
  }

  private void write() {
    long before = System.nanoTime();
    try {
      file.write(ByteBuffer.allocate(4_096), 0);
      file.force(true);
      note(System.nanoTime() - before, writes);
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void count() {
    try {
      double share = neighbours.taken();
      Instant now = clock.instant();
      taken.add(new Taken(new Disturbance(counted, now), share));
      counted = now;
    } catch (IOException unreadable) {
      threads.shutdown();
    }
  }

  private void note(long nanos, Queue<Disturbance> kind) {
    if (nanos >= NOTED.toNanos()) {
      Instant now = clock.instant();
      kind.add(new Disturbance(now.minusNanos(nanos), now));
    }
  }

  /** Whether lateness cannot be judged here as it is. */
  public boolean isUnwell() {
    return worst(stalls).compareTo(TOO_LONG) > 0
        || worst(writes).compareTo(TOO_LONG) > 0
        || takenOnAverage() > TOO_MUCH;
  }

  private static Duration worst(Queue<Disturbance> kind) {
    return kind.stream().map(Disturbance::length).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private double takenOnAverage() {
    return taken.stream().mapToDouble(Taken::share).average().orElse(0);
  }

  /** A lateness as it is judged: less what the machine is to blame for, if it is unwell. */
  public Duration judged(Duration lateness, Instant arrival) {
    if (!isUnwell()) {
      return lateness;
    }
    Instant due = arrival.minus(lateness);
    Duration cpu =
        Stream.concat(
                stalls.stream().map(each -> each.within(due, arrival)),
                taken.stream().map(each -> each.within(due, arrival)))
            .reduce(Duration.ZERO, Duration::plus);
    Duration disk =
        writes.stream()
            .map(each -> each.within(due, arrival))
            .reduce(Duration.ZERO, Duration::plus);
    Duration blame = cpu.compareTo(disk) > 0 ? cpu : disk;
    return blame.compareTo(lateness) > 0 ? Duration.ZERO : lateness.minus(blame);
  }

  @Override
  public String toString() {
    return "machine: longest stall %d ms, longest write %d ms, others took %d %% of the processors%s"
        .formatted(
            worst(stalls).toMillis(),
            worst(writes).toMillis(),
            Math.round(100 * takenOnAverage()),
            isUnwell() ? ": UNWELL, lateness is judged less that" : "");
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    file.close();
  }
}
