package io.carillon.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Collects log lines and writes them out together, so that whoever logs does not wait for the
 * system at every line: at least each {@link #EVERY}, by the thread {@code carillon-log}, and at
 * once by the caller when a lot has come together, which bounds what is held. After {@link #close}
 * each line is written at once. A process that is killed loses the lines of that moment. Safe for
 * threads.
 */
final class LogBuffer extends OutputStream {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final int MOST_BYTES = 64 * 1024;

  private final OutputStream target;
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "carillon-log");
            thread.setDaemon(true);
            return thread;
          });

  // Guarded by this.
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(MOST_BYTES);
  private boolean direct;
  private boolean awaited;

  LogBuffer(OutputStream target) {
    this.target = target;
  }

  @Override
  public synchronized void write(int b) throws IOException {
    held.write(b);
    writeIfMuch();
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    held.write(bytes, from, length);
    writeIfMuch();
  }

  /** Does nothing: that is what the lines are collected for. */
  @Override
  public void flush() {}

  private void writeIfMuch() throws IOException {
    if (direct || held.size() >= MOST_BYTES) {
      writeOut();
    } else if (!awaited) {
      // A server without work wakes nobody.
      awaited = true;
      writer.schedule(this::writeQuietly, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void writeQuietly() {
    awaited = false;
    try {
      writeOut();
    } catch (IOException e) {
      // There is nobody to tell: standard output is gone. What was held is dropped.
      held.reset();
    }
  }

  private synchronized void writeOut() throws IOException {
    if (held.size() > 0) {
      held.writeTo(target);
      held.reset();
      target.flush();
    }
  }

  /** Writes what is held; from now on each line goes out at once. Idempotent. */
  @Override
  public synchronized void close() {
    direct = true;
    writer.shutdown();
    writeQuietly();
  }
}
