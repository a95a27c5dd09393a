package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many of our one-time jobs created ahead over HTTP: due at one instant, or one after the other at
 * a steady rate. Each of them is looked up in the history afterwards, and at the target where there
 * is one. For one thread.
 */
final class Burst {
  static final int CALLERS = 4;
  static final int BATCH = 500;

  private static final Duration POLL = Duration.ofMillis(250);
  private static final long SETTLE_MILLIS = 3_000;

  private final Stage stage;
  private final CarillonNodes nodes;
  private final @Nullable Sink sink;
  private double creationRate = 600;

  /**
   * @param sink what the jobs call; without one they do nothing
   */
  Burst(Stage stage, CarillonNodes nodes, @Nullable Sink sink) {
    this.stage = stage;
    this.nodes = nodes;
    this.sink = sink;
  }

  /** The same as {@link #run}, when it does not matter whether all jobs were there in time. */
  DrainFigures warmUp(int jobs) {
    Instant due = begin(jobs);
    double created = create(jobs, n -> due);
    return drain(jobs, due, due, waitFor(due), created);
  }

  /** So many jobs, all due at one instant. */
  DrainFigures run(int jobs) {
    Instant due = begin(jobs);
    double created = create(jobs, n -> due);
    Instant from = waitFor(due);
    stage.checks().that(from.equals(due), "carillon: jobs ran before all were created");
    return drain(jobs, due, due, from, created);
  }

  /** So many jobs, due one after the other. */
  SteadyFigures steady(int jobs, int perSecond) {
    Instant begin = begin(jobs);
    IntFunction<Instant> due = n -> begin.plusMillis(1_000L * n / perSecond);
    double created = create(jobs, due);
    Instant from = waitFor(begin);
    stage.checks().that(from.equals(begin), "carillon: steady jobs were not all created ahead");
    DrainFigures figures = drain(jobs, begin, due.apply(jobs - 1), from, created);
    Spread arrivals = sink == null ? figures.lateness() : arrivals(sink, jobs, due);
    stage.checks().that(arrivals.min() >= 0, "target: a call came before its time");
    return new SteadyFigures(perSecond, arrivals, figures);
  }

  /** An instant, on a full millisecond, by which so many jobs will have been created. */
  Instant begin(int jobs) {
    long millis = SETTLE_MILLIS + (long) (1_600.0 * jobs / creationRate);
    return Instant.ofEpochMilli(Pause.now().toEpochMilli() + millis);
  }

  /** Creates so many jobs. @return how many in a second */
  double create(int jobs, IntFunction<Instant> due) {
    if (sink != null) {
      sink.forget();
    }
    JobMaker maker =
        new JobMaker(nodes.ports(), sink == null ? n -> Drain.NOOP : sink::target, true);
    creationRate = maker.at(due, jobs, CALLERS, BATCH).rate();
    return creationRate;
  }

  /** Waits until shortly before the instant. @return when the jobs could begin to run */
  Instant waitFor(Instant due) {
    Instant now = Pause.now();
    if (now.isBefore(due)) {
      Pause.until(due.minusMillis(200));
      return due;
    }
    stage.page().remark("creating the jobs took longer than planned");
    return now;
  }

  /**
   * Waits until the jobs planned between two instants are through, and accounts for them.
   *
   * @param from when the first of them could begin
   */
  DrainFigures drain(int jobs, Instant first, Instant last, Instant from, double created) {
    Reading before = Reading.take(stage.database(), nodes.pids());
    Pause.until(last);
    Duration limit = Duration.ofSeconds(60 + jobs / 100);
    boolean empty = Pause.until(() -> left(last) == 0, POLL, limit);
    Reading used = Reading.take(stage.database(), nodes.pids()).since(before);
    stage.checks().that(empty, "carillon: jobs left after " + limit.toSeconds() + " s");
    Ran ran =
        Ran.read(
            stage.database(), nodes.schema().name(), first.toEpochMilli(), last.toEpochMilli());
    ran.require(stage.checks(), jobs);
    if (sink != null) {
      sink.require(stage.checks(), jobs);
    }
    double seconds = Math.max(1, ran.last() - from.toEpochMilli()) / 1000.0;
    return new DrainFigures(jobs, jobs / seconds, ran.lateness(), created, used);
  }

  /** Triggers due until then that are there still, and whatever runs; a limited queue left out. */
  private long left(Instant due) {
    return stage
        .database()
        .number(
            """
            SELECT
              (SELECT COUNT(*) FROM %1$s.QRTZ_TRIGGERS
                WHERE SCHED_NAME = 'carillon' AND NEXT_FIRE_TIME <= %2$d
                  AND TRIGGER_GROUP <> '%3$s')
              + (SELECT COUNT(*) FROM %1$s.QRTZ_FIRED_TRIGGERS WHERE TRIGGER_GROUP <> '%3$s')
            """
                .formatted(nodes.schema().name(), due.toEpochMilli(), Held.QUEUE));
  }

  private static Spread arrivals(Sink sink, int jobs, IntFunction<Instant> due) {
    long[] late = new long[jobs];
    for (int n = 0; n < jobs; n++) {
      late[n] = sink.firstCall(n) - due.apply(n).toEpochMilli();
    }
    return Spread.of(late);
  }
}
