package io.carillon.quartz.store;

/**
 * What the store has made by the package above it: from definitions, which it does not understand.
 *
 * @param replanning Quartz's rows of jobs, made anew
 * @param successors what follows executions
 */
public record Making(Replanning replanning, Successors successors) {}
