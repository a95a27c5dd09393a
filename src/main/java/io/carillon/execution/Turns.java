package io.carillon.execution;

import io.carillon.job.Priority;
import java.util.ArrayList;
import java.util.List;

/**
 * Shares of the three classes of priority: of ten places seven are for high, two for normal and one
 * for low; a class that has nothing leaves its place to the highest that has. The turn goes on from
 * one call to the next, so the shares hold for single places as well. Pure.
 */
public final class Turns {
  private static final int HIGH = 0;
  private static final int NORMAL = 1;
  private static final int LOW = 2;
  private static final int[] PLACES = {
    HIGH, HIGH, HIGH, NORMAL, HIGH, HIGH, LOW, HIGH, NORMAL, HIGH
  };

  /** How many classes there are. */
  public static final int CLASSES = 3;

  private Turns() {}

  /** The class of a number of Quartz's kind, 0 for high. */
  public static int classOf(int priority) {
    return Priority.ofNumber(priority).ordinal();
  }

  /**
   * Takes from the fronts of three lists.
   *
   * @param classes what there is of each class, in order; not changed
   * @param turn where the places go on
   */
  public static <T> List<T> take(List<List<T>> classes, int turn, int most) {
    List<T> taken = new ArrayList<>();
    int[] next = new int[CLASSES];
    while (taken.size() < most) {
      int from = choose(classes, next, PLACES[Math.floorMod(turn + taken.size(), PLACES.length)]);
      if (from < 0) {
        break;
      }
      taken.add(classes.get(from).get(next[from]++));
    }
    return taken;
  }

  private static <T> int choose(List<List<T>> classes, int[] next, int wanted) {
    if (next[wanted] < classes.get(wanted).size()) {
      return wanted;
    }
    for (int other = 0; other < CLASSES; other++) {
      if (next[other] < classes.get(other).size()) {
        return other;
      }
    }
    return -1;
  }

  /** Where the places go on after so many. */
  public static int after(int turn, int taken) {
    return Math.floorMod(turn + taken, PLACES.length);
  }
}
