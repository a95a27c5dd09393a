/**
 * Cron texts: reading five, six or seven fields and macros, saying them in Quartz's form and in
 * words, and telling their next instants. A five-field text is Unix cron (minute first, weekdays
 * 0–7 from Sunday), six and seven fields are Quartz's (second first, weekdays 1–7 from Sunday).
 * What Quartz takes without meaning is refused here with a code for each field. Everything is pure
 * and immutable, knows only the JDK, and takes bounded time whatever the text is. Local times equal
 * those of Quartz's own evaluator; {@link io.carillon.cron.Rhythms} makes instants of them, with
 * what a clock change does by the policy of the schedule, and says where a plain cron trigger will
 * do.
 */
@NullMarked
package io.carillon.cron;

import org.jspecify.annotations.NullMarked;
