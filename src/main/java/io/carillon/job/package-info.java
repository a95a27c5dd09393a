/**
 * What is to be called, and when: pure values that check themselves, and the ports through which
 * definitions are stored, changed and read. Nothing here knows HTTP, SQL or Quartz. A {@link
 * io.carillon.job.Job} is what a client asked for; a {@link io.carillon.job.StoredJob} is what the
 * database holds of it. Whoever builds one from outside (the API) reports every fault at once
 * before calling these constructors; the constructors are the last line of defence and throw {@link
 * java.lang.IllegalArgumentException}.
 */
@NullMarked
package io.carillon.job;

import org.jspecify.annotations.NullMarked;
