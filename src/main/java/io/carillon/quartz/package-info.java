/**
 * The engine: Quartz, set up from {@code quartz.properties}, with our own store, thread pool, job
 * factory and names. The only package that knows {@code org.quartz}. {@code Engine} assembles it;
 * {@code QuartzJobScheduler} turns jobs into JobDetails and triggers; {@code FiringJob} is the one
 * job class that may ever be loaded. Statements and transactions are in {@link
 * io.carillon.quartz.store}.
 */
@NullMarked
package io.carillon.quartz;

import org.jspecify.annotations.NullMarked;
