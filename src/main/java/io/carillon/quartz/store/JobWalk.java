package io.carillon.quartz.store;

import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Walks round all jobs that should fire, a bounded number at a time, and notes those that lack one
 * of the rows they need. What no index could tell is found this way, at a cost that does not grow
 * with the table: a small table is seen as a whole each time, a large one piece by piece. For the
 * reconciler's thread only.
 */
final class JobWalk {
  private static final String FIRST_STATE = "ACTIVE";
  private static final String LAST_STATE = "PAUSED";

  /**
   * So many are looked at by one statement, with a pause before the next: what is due meanwhile is
   * not late for it.
   */
  private static final int PAGE = 500;

  private static final Duration PAUSE = Duration.ofMillis(40);

  /** More than this many parts of a walk are left for the next time, however small they are. */
  private static final int MOST_PARTS = 16;

  private final Suspects suspects;
  private final int size;
  private Place place = new Place("", LAST_STATE, "");

  /**
   * @param size how many jobs are looked at each time, about
   */
  JobWalk(Suspects suspects, int size) {
    this.suspects = suspects;
    this.size = size;
  }

  /** Behind which job to go on. */
  record Place(String namespace, String state, String id) {}

  /** Some jobs in a row. */
  record Page(int count, String last) {}

  /** Looks at the next jobs; stops at the end of a round, too. */
  Set<JobId> next(Connection connection) throws SQLException {
    Set<JobId> found = new LinkedHashSet<>();
    int seen = 0;
    for (int part = 0; part < MOST_PARTS && seen < size; part++) {
      if (!place.namespace().isEmpty()) {
        int most = Math.min(PAGE, size - seen);
        Page page = suspects.page(connection, place, most);
        if (page.count() > 0) {
          found.addAll(suspects.incomplete(connection, place, page.last()));
          seen += page.count();
          place = new Place(place.namespace(), place.state(), page.last());
        }
        if (seen >= size) {
          return found;
        }
        if (page.count() == most) {
          pause();
          continue;
        }
      }
      if (!turn(connection)) {
        return found;
      }
    }
    return found;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes on to the next state or namespace. @return false at the end of a round */
  private boolean turn(Connection connection) throws SQLException {
    if (place.state().equals(FIRST_STATE)) {
      place = new Place(place.namespace(), LAST_STATE, "");
      return true;
    }
    Optional<String> namespace = suspects.namespaceAfter(connection, place.namespace());
    place = new Place(namespace.orElse(""), namespace.isPresent() ? FIRST_STATE : LAST_STATE, "");
    return namespace.isPresent();
  }
}
