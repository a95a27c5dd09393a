package io.carillon.spec;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. Stateless. */
final class Nearest {
  private static final int LONGEST = 64;
  private static final int MOST_HINTS = 50;

  private Nearest() {}

  /** The word with the fewest edits, if it is near enough to be meant; case counts for nothing. */
  static Optional<String> of(String word, Collection<String> words) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    int limit = Math.max(1, Math.min(4, word.length() / 3));
    String best = null;
    int fewest = limit + 1;
    for (String candidate : words) {
      if (Math.abs(candidate.length() - word.length()) < fewest) {
        int edits = edits(lower, candidate.toLowerCase(Locale.ROOT));
        if (edits < fewest || (edits == fewest && best != null && candidate.compareTo(best) < 0)) {
          fewest = edits;
          best = candidate;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** The same, but nothing once there are so many faults that nobody needs it: hints cost time. */
  static String hint(String word, Collection<String> words, Faults faults) {
    return faults.count() < MOST_HINTS ? hint(word, words) : "";
  }

  /** A sentence to add to a fault's detail; empty if nothing is near. */
  static String hint(String word, Collection<String> words) {
    return of(word, words).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  private static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
