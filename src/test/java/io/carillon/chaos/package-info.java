/**
 * Faults on purpose: three real nodes, each behind a proxy of its own in front of the database, and
 * one thing after another is cut, slowed, killed or damaged under load. The ledger of the target is
 * the judge: nothing acknowledged may be lost, nothing may be called that was not scheduled, and
 * repeats carry their old ids. Run with {@code mvn -Pchaos -Dgroups=chaos verify}; a seed that was
 * printed is given again with {@code -Dcarillon.seed}.
 */
@NullMarked
package io.carillon.chaos;

import org.jspecify.annotations.NullMarked;
