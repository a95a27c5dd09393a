package io.carillon.cron;

import java.time.Instant;

/**
 * A planned instant, and what is to be said of it.
 *
 * @param at the instant; of one that a clock change passes over, the instant of the change
 */
public record Tick(Instant at, Note note) {
  public static Tick of(Instant at) {
    return new Tick(at, Note.NONE);
  }

  public boolean runs() {
    return note.runs();
  }
}
