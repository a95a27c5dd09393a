package io.carillon.history;

import io.carillon.history.OldRows.Before;
import io.carillon.history.OldRows.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Two duties. The one, due every hour, drops the days of history that are older than they must be
 * kept (but none with an unfinished execution). The other, called every second, takes away row by
 * row what finished or expired before: jobs of which no execution and no dead letter is left, dead
 * letters, answers kept for repeated requests, keys of jobs, and the calls to be broken off that
 * their node, dead or stopped since, will never look for. It works a fifth of the time at most, in
 * short transactions, and not at all for a minute once nothing is left: so more can go than comes.
 * Safe to run on all nodes at once; only one works. Never stalls firing for more than a second. For
 * one thread.
 */
public final class Retention {
  /** Other duties wait for so long. */
  private static final Duration TURN = Duration.ofMillis(250);

  /** So many times as long as a turn took the database has its peace. */
  private static final int REST = 4;

  private static final Duration LOOK = Duration.ofMinutes(1);

  /** A node that calls looks several times a second. */
  private static final Duration UNHEARD = Duration.ofHours(1);

  /** As long as the answers to creates are. */
  private static final Duration REMEMBERED = Duration.ofHours(24);

  private static final String DELETE_LETTERS =
      "DELETE FROM dead_letter WHERE died_at < ? LIMIT 500";

  private static final String DELETE_ANSWERS =
      "DELETE FROM idempotency WHERE expires_at < ? LIMIT 500";

  private static final String DELETE_KEYS = "DELETE FROM job_key WHERE expires_at < ? LIMIT 500";

  private final DataSource database;
  private final InstantSource clock;
  private final Whose whose;
  private final Duration turn;
  private final OldHistory history;
  private final List<Step> steps;

  /** Those of which there may be more. */
  private final Deque<Step> open = new ArrayDeque<>();

  private long next = System.nanoTime();

  /**
   * How long what is kept.
   *
   * @param history after the scheduled instant, by whole days; jobs as long after they finished
   * @param letters dead letters, after they died
   */
  public record Kept(Duration history, Duration letters) {
    public Kept {
      if (history.isNegative() || history.isZero() || letters.isNegative() || letters.isZero()) {
        throw new IllegalArgumentException("retention " + history + ", of letters " + letters);
      }
    }
  }

  /** What is counted. */
  private enum Kind {
    LETTERS,
    JOBS,
    ANSWERS,
    CALLS,
    KEYS,
    HISTORY
  }

  private record Step(Kind kind, OldRows rows) {}

  /** Whether this node is the one that takes rows away. */
  @FunctionalInterface
  interface Whose {
    boolean isOurs(Connection connection) throws SQLException;
  }

  /**
   * @param node the instance name at the moment
   */
  public Retention(DataSource database, InstantSource clock, Kept kept, Supplier<String> node) {
    this(database, clock, kept, connection -> OldestNode.is(connection, node.get()), TURN);
  }

  /**
   * @param turn so long it works at rows at a time
   */
  Retention(DataSource database, InstantSource clock, Kept kept, Whose whose, Duration turn) {
    this.database = database;
    this.clock = clock;
    this.whose = whose;
    this.turn = turn;
    this.history = new OldHistory(kept.history());
    Before forgotten = now -> now.minus(REMEMBERED);
    this.steps =
        List.of(
            step(Kind.LETTERS, DELETE_LETTERS, now -> now.minus(kept.letters())),
            new Step(Kind.JOBS, new FinishedJobs(kept.history())),
            step(Kind.ANSWERS, DELETE_ANSWERS, now -> now),
            step(Kind.CALLS, OvertakenRows.FORGET, now -> now.minus(UNHEARD)),
            step(Kind.KEYS, DELETE_KEYS, forgotten),
            new Step(Kind.KEYS, new IdleKeys(forgotten)),
            new Step(Kind.HISTORY, history.beforeFirstDay()),
            new Step(Kind.HISTORY, history.inKeptDays()));
  }

  private static Step step(Kind kind, String statement, Before before) {
    return new Step(kind, OldRows.by(statement, before));
  }

  /**
   * What a run took away.
   *
   * @param ran false if it was another node's turn, or time to rest
   * @param partitions days dropped, of both tables
   * @param kept old days that stay for an unfinished execution
   * @param postponed days whose table was in use
   * @param rows executions and attempts from before the first day, and executions of kept days
   * @param answers kept for repeated requests
   * @param unheard calls to be broken off that no node looked for
   * @param letters dead letters
   * @param keys of jobs that have let go of them
   */
  public record TakenAway(
      boolean ran,
      int partitions,
      int kept,
      int postponed,
      int rows,
      int jobs,
      int answers,
      int unheard,
      int letters,
      int keys) {
    private static final TakenAway NOTHING = new TakenAway(false, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static TakenAway of(Map<Kind, Integer> gone) {
      return new TakenAway(
          true,
          0,
          0,
          0,
          gone.getOrDefault(Kind.HISTORY, 0),
          gone.getOrDefault(Kind.JOBS, 0),
          gone.getOrDefault(Kind.ANSWERS, 0),
          gone.getOrDefault(Kind.CALLS, 0),
          gone.getOrDefault(Kind.LETTERS, 0),
          gone.getOrDefault(Kind.KEYS, 0));
    }

    private TakenAway with(OldHistory days) {
      return new TakenAway(
          true,
          days.dropped,
          days.kept,
          days.postponed,
          rows,
          jobs,
          answers,
          unheard,
          letters,
          keys);
    }
  }

  /**
   * The hourly duty: old days, a first turn at rows, and from now on another look at all rows.
   * Blocks for short statements.
   *
   * @throws io.carillon.job.JobExceptions.StoreUnavailable if the database is away
   */
  public TakenAway runOnce() {
    Instant now = clock.instant();
    return Turn.take(
            database,
            "retention",
            connection -> {
              history.takeAwayDays(connection, now);
              steps.forEach(step -> step.rows().again());
              return rows(connection, now).with(history);
            })
        .orElse(TakenAway.NOTHING);
  }

  /**
   * The duty of every second: a turn at old rows while there are any, and otherwise once a minute.
   * Blocks for {@link #TURN} and the last of its statements.
   *
   * @throws io.carillon.job.JobExceptions.StoreUnavailable if the database is away
   */
  public TakenAway goOn() {
    if (System.nanoTime() - next < 0) {
      return TakenAway.NOTHING;
    }
    Instant now = clock.instant();
    return Turn.take(database, "retention", connection -> rows(connection, now))
        .orElse(TakenAway.NOTHING);
  }

  /** Each kind in its turn, so that none waits for all of another; on from where it ended. */
  private TakenAway rows(Connection connection, Instant now) throws SQLException {
    long begun = System.nanoTime();
    next = begun + LOOK.toNanos();
    if (!whose.isOurs(connection)) {
      return TakenAway.NOTHING;
    }
    Map<Kind, Integer> gone = new EnumMap<>(Kind.class);
    if (open.isEmpty()) {
      open.addAll(steps);
    }
    do {
      Step step = open.remove();
      Page page = step.rows().next(connection, now);
      gone.merge(step.kind(), page.gone(), Integer::sum);
      if (page.more()) {
        open.add(step);
      }
    } while (!open.isEmpty() && System.nanoTime() - begun < turn.toNanos());
    if (!open.isEmpty()) {
      long end = System.nanoTime();
      next = end + (end - begun) * REST;
    }
    return TakenAway.of(gone);
  }
}
