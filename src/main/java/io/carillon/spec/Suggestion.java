package io.carillon.spec;

import java.util.Collection;

/** What somebody probably meant, for faults that are found outside of this package. Stateless. */
public final class Suggestion {
  private Suggestion() {}

  /** A sentence to add to a fault's detail; empty if nothing is near. */
  public static String of(String word, Collection<String> words) {
    return Nearest.hint(word, words);
  }
}
