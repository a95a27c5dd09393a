/**
 * Who calls, and how often. {@link io.carillon.security.ApiKeys} knows the configured keys by their
 * hashes; {@link io.carillon.security.CallRates} gives each key or address its tokens. Everything
 * is kept in memory, in bounded maps, per node. Nothing here knows HTTP: the API asks and answers.
 */
@NullMarked
package io.carillon.security;

import org.jspecify.annotations.NullMarked;
