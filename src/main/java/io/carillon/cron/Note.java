package io.carillon.cron;

/** What is to be said of a planned instant. */
public enum Note {
  NONE,
  /** Its local time fell into the gap of a clock change; it runs after the gap. */
  DST_GAP_SHIFTED,
  /** Its local time fell into the gap of a clock change; it does not run. */
  DST_GAP_SKIPPED,
  /** Its local time comes twice; this is the first. */
  DST_OVERLAP_FIRST,
  /** Its local time comes twice; this is the second. */
  DST_OVERLAP_SECOND,
  /** An exclusion calendar passes it over. */
  CALENDAR,
  /** It lies after {@code endAt}. */
  BOUND;

  /** Whether an instant of which this is said runs. */
  public boolean runs() {
    return this != DST_GAP_SKIPPED && this != CALENDAR && this != BOUND;
  }
}
