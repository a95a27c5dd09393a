/**
 * Faults on purpose: three real nodes, each behind a proxy of its own in front of the database, and
 * one thing after another is cut, slowed, killed or damaged under {@link io.carillon.chaos.Load}.
 * The ledger of the target is the judge ({@link io.carillon.chaos.Judgement}): nothing acknowledged
 * may be lost, nothing may be called that was not scheduled, repeats carry their old ids and come
 * from a fault only, nothing stays behind in the database, and its history tells what the ledger
 * tells. All of it runs with {@code mvn -Pchaos -Dgroups=chaos verify}, the core for every change
 * with {@code -Dgroups=chaos-core}; a seed that was printed is given again with {@code
 * -Dcarillon.seed}. Where others take the processors from a test, it says so and judges lateness
 * less that; counts that must be zero are never judged otherwise.
 */
@NullMarked
package io.carillon.chaos;

import org.jspecify.annotations.NullMarked;
