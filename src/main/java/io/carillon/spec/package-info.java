/**
 * The canonical JSON form of a job: how it is read from a request with every fault collected, how
 * it is shown, and how it is stored. {@link io.carillon.spec.StrictJson} turns bytes into a tree
 * and refuses what two parsers could read differently; {@link io.carillon.spec.JobReader} turns a
 * tree into a {@link io.carillon.job.Job} or into faults; {@link io.carillon.spec.JobWriter} goes
 * the other way. {@link io.carillon.spec.Upcoming} and {@link io.carillon.spec.Preview} tell the
 * planned instants of a job and of a schedule that is not stored. Knows Jackson, {@code job} and
 * {@code cron} and nothing else, so that both the API and the history can use it. Everything is
 * thread-safe but {@link io.carillon.spec.Faults}, which belongs to one request.
 */
@NullMarked
package io.carillon.spec;

import org.jspecify.annotations.NullMarked;
