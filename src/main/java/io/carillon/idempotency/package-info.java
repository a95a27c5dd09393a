/**
 * The same answer for the same request, however often it is sent, on every node, for 24 hours. A
 * request that carries an {@code Idempotency-Key} claims its row before it does anything; the row
 * also holds the id that whatever is created gets, so a request whose node died is taken over by
 * the next one and creates the same thing. Nothing here knows HTTP: the API decides which answers
 * are final.
 */
@NullMarked
package io.carillon.idempotency;

import org.jspecify.annotations.NullMarked;
