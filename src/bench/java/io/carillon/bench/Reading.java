package io.carillon.bench;

import java.util.Collection;
import java.util.List;

/**
 * What was used up: between two points of a run, or since the processes began.
 *
 * @param statements asked of the database server, without those of the benchmark's own connection
 * @param syncs calls of fsync by the database server
 * @param databaseMillis processor time of the database server
 * @param nodeMillis processor time of all nodes
 */
record Reading(long statements, long syncs, long databaseMillis, long nodeMillis) {

  static Reading take(DatabaseServer database, Collection<Long> nodes) {
    return new Reading(
        database.questions(),
        database.syncs(),
        Processor.millis(List.of(database.pid())),
        Processor.millis(nodes));
  }

  Reading since(Reading earlier) {
    return new Reading(
        statements - earlier.statements,
        syncs - earlier.syncs,
        databaseMillis - earlier.databaseMillis,
        nodeMillis - earlier.nodeMillis);
  }
}
