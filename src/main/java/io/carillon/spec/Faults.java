package io.carillon.spec;

import java.util.ArrayList;
import java.util.List;

/** Collects the faults of one request, in the order found, at most 1,000. Not thread-safe. */
public final class Faults {
  private static final int MOST = 1_000;

  private final List<Fault> found = new ArrayList<>();
  private int count;

  /** Notes a fault. */
  public void add(String pointer, String code, String detail) {
    count++;
    if (found.size() < MOST) {
      found.add(new Fault(pointer, code, detail));
    }
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** How many were noted, those beyond the thousand included. */
  public int count() {
    return count;
  }

  public List<Fault> list() {
    return List.copyOf(found);
  }

  /** A pointer one step further down (RFC 6901: {@code ~} and {@code /} are escaped). */
  public static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
