package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Many of our one-time jobs due at one instant: created ahead over HTTP, drained, and each of them
 * looked up in the history. For one thread.
 */
final class Burst {
  private static final int CALLERS = 4;
  private static final int BATCH = 500;
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final Stage stage;
  private final CarillonNodes nodes;
  private final String target;
  private double rate = 1_000;

  /**
   * @param target what the jobs call, as JSON
   */
  Burst(Stage stage, CarillonNodes nodes, String target) {
    this.stage = stage;
    this.nodes = nodes;
    this.target = target;
  }

  /** Creates so many jobs, lets them run, and says what that took. */
  DrainFigures run(int jobs) {
    Instant due = due(jobs);
    JobMaker maker = new JobMaker(nodes.ports(), target);
    JobMaker.Created created = maker.at(due, jobs, CALLERS, BATCH);
    rate = created.rate();
    Instant from = Pause.now();
    if (from.isBefore(due)) {
      Pause.until(due.minusMillis(200));
      from = due;
    } else {
      stage.page().remark("creating %,d jobs took %.1f s, past the instant", jobs, created.seconds());
    }
    return drain(jobs, due, from, created.rate());
  }

  /** Late enough for all of them to be created before. */
  private Instant due(int jobs) {
    long millis = SETTLE.toMillis() + (long) (1_600.0 * jobs / rate);
    return Instant.ofEpochMilli(Pause.now().toEpochMilli() + millis);
  }

  /**
   * Waits until the jobs due at an instant are through.
   *
   * @param from when the first of them could begin
   */
  DrainFigures drain(int jobs, Instant due, Instant from, double creationRate) {
    Reading before = Reading.take(stage.database(), nodes.pids());
    Duration limit = Duration.ofSeconds(60 + jobs / 100);
    boolean empty = Pause.until(() -> left(due) == 0, POLL, limit);
    Reading used = Reading.take(stage.database(), nodes.pids()).since(before);
    stage.checks().that(empty, "carillon: jobs left after " + limit.toSeconds() + " s");
    return judge(jobs, due, from, used, creationRate);
  }

  private long left(Instant due) {
    String schema = nodes.schema().name();
    return stage
        .database()
        .number(
            """
            SELECT
              (SELECT COUNT(*) FROM %1$s.QRTZ_TRIGGERS
                WHERE SCHED_NAME = 'carillon' AND NEXT_FIRE_TIME <= %2$d)
              + (SELECT COUNT(*) FROM %1$s.QRTZ_FIRED_TRIGGERS)
            """
                .formatted(schema, due.toEpochMilli()));
  }

  private DrainFigures judge(
      int jobs, Instant due, Instant from, Reading used, double creationRate) {
    List<long[]> rows =
        stage
            .database()
            .numbers(
                """
                SELECT fired_at, finished_at, state = 'SUCCEEDED', attempt + deaths
                FROM %s.execution WHERE scheduled_at = %d
                """
                    .formatted(nodes.schema().name(), due.toEpochMilli()));
    long succeeded = rows.stream().filter(row -> row[2] == 1).count();
    long again = rows.stream().filter(row -> row[3] > 1).count();
    long distinct =
        stage
            .database()
            .number(
                "SELECT COUNT(DISTINCT job_id) FROM %s.execution WHERE scheduled_at = %d"
                    .formatted(nodes.schema().name(), due.toEpochMilli()));
    stage
        .checks()
        .that(
            succeeded == jobs && rows.size() == jobs && distinct == jobs && again == 0,
            "carillon: of %d jobs %d succeeded, in %d executions of %d jobs, %d of them repeated"
                .formatted(jobs, succeeded, rows.size(), distinct, again));
    long last = rows.stream().mapToLong(row -> row[1]).max().orElse(0);
    Spread lateness =
        Spread.of(rows.stream().mapToLong(row -> row[0] - due.toEpochMilli()).toArray());
    stage.checks().that(lateness.min() >= 0, "carillon: a job began before its time");
    double seconds = Math.max(1, last - from.toEpochMilli()) / 1000.0;
    return new DrainFigures(jobs, jobs / seconds, lateness, creationRate, used);
  }
}
