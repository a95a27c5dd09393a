package io.carillon.events;

import java.time.Instant;

/**
 * What a reader is sent. A position is where it can go on from after this message: nothing up to it
 * is missing. While a transaction that got its ids earlier is not committed yet, events beyond it
 * carry a position before it, so a reader that comes back may be told them again, but misses none.
 */
public sealed interface LiveMessage {
  /** The first message: every event that is committed from now on is told. */
  record Welcome(Instant at, long position) implements LiveMessage {}

  record Told(LiveEvent event, long position) implements LiveMessage {}

  /**
   * Events after the one that the reader asked to go on from are not kept any more, or were never
   * written, because nobody listened.
   */
  record Gap(long after, long position) implements LiveMessage {}

  /** Nothing happens, and the connection shall live. */
  record Beat(long position) implements LiveMessage {}

  /** The last message. */
  record End(Reason reason) implements LiveMessage {}

  /** Why a reader is sent away. */
  enum Reason {
    /** It reads too slowly. */
    SLOW,
    /** This node stops. */
    LEAVING,
    /** It was not possible to begin in time: the database is away. */
    UNAVAILABLE
  }

  /** About how many bytes it keeps. */
  default int size() {
    return this instanceof Told told ? told.event().full().length() + OVERHEAD : OVERHEAD;
  }

  /** What a message keeps beside its text. */
  int OVERHEAD = 100;
}
