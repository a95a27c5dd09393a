package io.carillon.quartz.store;

/**
 * One thing that was put right.
 *
 * @param what the id of a job or an execution
 */
record Healed(Ownerless kind, String what) {}
