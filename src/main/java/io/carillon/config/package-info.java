/**
 * What the operator says: one file, {@code quartz.properties}, with the standard {@code
 * org.quartz.*} keys and {@code carillon.*} for the rest, every key overridable by an environment
 * variable. {@link io.carillon.config.Configuration#load} reads all of it once, at start, and
 * reports every fault together; afterwards nothing changes. {@code Keys} is the complete list of
 * what may be said, with types and defaults; the other classes of the server see small typed
 * records only. Secrets never appear in a fault, a log line or a {@code toString}.
 */
@NullMarked
package io.carillon.config;

import org.jspecify.annotations.NullMarked;
