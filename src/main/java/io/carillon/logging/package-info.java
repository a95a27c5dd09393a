/**
 * Log lines: one line per event on standard output, for people by default (slf4j-simple) or as JSON
 * for a collector. Whatever a user can put into a message comes out escaped, so that nobody can
 * forge a line or move somebody's terminal cursor. {@link io.carillon.logging.Logging#configure} is
 * called once, before the first logger exists.
 */
@NullMarked
package io.carillon.logging;

import org.jspecify.annotations.NullMarked;
