/**
 * The calls that the source documents name, exactly as they have them. Each turns its own body into
 * the canonical one (a {@code Translation}, which also leads faults back to the fields that the
 * client wrote), stores it like any other job, and answers in its own words ({@code Words}). What a
 * call needs to show a job again is kept as the job's {@link io.carillon.job.Origin}. Fields that a
 * call does not know are ignored here; a required one that is missing is 400, the rest 422.
 */
@NullMarked
package io.carillon.api.adapter;

import org.jspecify.annotations.NullMarked;
