/**
 * What is asked for and what happened, as rows of ours: {@code job}, {@code job_label}, {@code
 * job_version}, {@code job_key}, {@code execution}, {@code attempt}, {@code dead_letter}. Writing
 * goes through {@link io.carillon.history.HistoryWriter}, which only ever joins a transaction of
 * the store, so these rows and the engine's cannot disagree. Reading ({@link
 * io.carillon.history.JobQueries}, {@link io.carillon.history.ExecutionQueries}) has connections of
 * its own and pages by key, newest first. {@link io.carillon.history.LedgerQueries} tells what
 * became of every planned instant. {@link io.carillon.history.Partitions} and {@link
 * io.carillon.history.Retention} keep the two big tables small. Every statement stays within what
 * MySQL 8 and MariaDB 10.6 have in common, and none is sent once per row.
 */
@NullMarked
package io.carillon.history;

import org.jspecify.annotations.NullMarked;
