package io.carillon.logging;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Standard output as slf4j-simple writes to it: each message becomes one line with the time in UTC,
 * escaped. The lines of a stack trace follow it, indented, so that a line which begins with a time
 * always begins a message. Safe for threads, as slf4j-simple holds a lock for a message and its
 * trace.
 */
final class PlainStream extends PrintStream {
  private final InstantSource clock;

  PlainStream(OutputStream out, InstantSource clock) {
    super(out, false, StandardCharsets.UTF_8);
    this.clock = clock;
  }

  /** A message. */
  @Override
  public void println(@Nullable String message) {
    super.println(time(clock) + " " + Escaping.plain(message));
  }

  /** A line of a stack trace. */
  @Override
  public void println(@Nullable Object line) {
    super.print("    " + Escaping.plain(String.valueOf(line).replace("\t", "  ")) + "\n");
  }

  /** With milliseconds always, so that columns stand under each other. */
  static String time(InstantSource clock) {
    String text = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    return switch (text.length()) {
      case 20 -> text.substring(0, 19) + ".000Z";
      default -> text;
    };
  }
}
