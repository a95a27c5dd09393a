package io.carillon.job;

/** The three classes of priority; the number is what Quartz's PRIORITY column holds. */
public enum Priority {
  HIGH(8),
  NORMAL(5),
  LOW(2);

  private final int number;

  Priority(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The class of a number of Quartz's kind: 7 and more is high, 2 and less is low. */
  public static Priority ofNumber(int number) {
    if (number >= 7) {
      return HIGH;
    }
    return number <= 2 ? LOW : NORMAL;
  }
}
