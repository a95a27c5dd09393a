/**
 * What happens when a job fires: one {@link io.carillon.execution.Execution} per planned instant,
 * with one or more attempts. Pure values, the decision what follows an outcome ({@link
 * io.carillon.execution.NextStep}), the runner that every worker uses, and the ports to the target,
 * to the store's transactions and to history. An execution's id is a function of job, generation
 * and instant, so every node, every retry and every recovery speaks of the same one.
 */
@NullMarked
package io.carillon.execution;

import org.jspecify.annotations.NullMarked;
