/**
 * Exclusion calendars: named sets of days and times at which jobs do not run. A {@link
 * io.carillon.calendar.CalendarDefinition} is what clients write, kept as our own JSON in table
 * {@code calendar} and never as serialized objects; {@link io.carillon.calendar.CalendarRules} is
 * the same made ready to answer {@link io.carillon.job.Exclusions#freeFrom}. {@link
 * io.carillon.calendar.StoredCalendars} reads and writes them, for the API and, as {@link
 * io.carillon.job.Calendars}, inside the transactions that fire. After a change {@link
 * io.carillon.calendar.CalendarChanges} has the jobs that name a calendar planned anew. ICS files
 * are read by {@code biweekly}, which only {@code IcsImport} and its neighbours know.
 */
@NullMarked
package io.carillon.calendar;

import org.jspecify.annotations.NullMarked;
