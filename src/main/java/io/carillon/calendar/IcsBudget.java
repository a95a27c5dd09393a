package io.carillon.calendar;

/** How many occurrences may be looked at in one file. For one thread. */
final class IcsBudget {
  private int left;

  IcsBudget(int most) {
    this.left = most;
  }

  void spend() {
    if (--left < 0) {
      throw new IcsImport.Unreadable(
          "calendar_too_large", "the events of this file repeat too often to be written out");
    }
  }
}
