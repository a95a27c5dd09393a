package io.carillon.bench;

import java.util.List;

/**
 * What our history says of the executions planned between two instants.
 *
 * @param rows executions
 * @param jobs different jobs among them
 * @param succeeded executions that did
 * @param repeated executions with more than one attempt
 * @param last end of the last one, in milliseconds since 1970
 * @param lateness begin of the call against the planned instant
 */
record Ran(int rows, long jobs, long succeeded, long repeated, long last, Spread lateness) {

  /** Reads it; both bounds (milliseconds since 1970) belong to it. */
  static Ran read(DatabaseServer database, String schema, long from, long to) {
    String where =
        " FROM " + schema + ".execution WHERE scheduled_at BETWEEN " + from + " AND " + to;
    List<long[]> rows =
        database.numbers(
            "SELECT started_at - scheduled_at, finished_at, state = 'SUCCEEDED', attempt + deaths"
                + where);
    long jobs = database.number("SELECT COUNT(DISTINCT job_id)" + where);
    return new Ran(
        rows.size(),
        jobs,
        rows.stream().filter(row -> row[2] == 1).count(),
        rows.stream().filter(row -> row[3] > 1).count(),
        rows.stream().mapToLong(row -> row[1]).max().orElse(0),
        Spread.of(rows.stream().mapToLong(row -> row[0]).toArray()));
  }

  /** Checks that so many one-time jobs ran once each, and none before its time. */
  void require(Checks checks, int expected) {
    checks.that(
        succeeded == expected && rows == expected && jobs == expected && repeated == 0,
        "carillon: of %d jobs %d succeeded, in %d executions of %d jobs, %d of them repeated"
            .formatted(expected, succeeded, rows, jobs, repeated));
    checks.that(
        lateness.min() >= 0, "carillon: a job began %d ms early".formatted(-lateness.min()));
  }
}
