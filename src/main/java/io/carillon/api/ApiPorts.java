package io.carillon.api;

import io.carillon.calendar.CalendarBook;
import io.carillon.execution.Breakers;
import io.carillon.execution.Executions;
import io.carillon.execution.Ledgers;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.job.JobScheduler;
import io.carillon.job.Jobs;
import io.carillon.job.Queues;
import io.carillon.job.TargetRules;
import io.carillon.job.Tasks;
import io.carillon.metrics.Metrics;
import java.time.InstantSource;

/**
 * What the API stands on. Every port may throw {@link
 * io.carillon.job.JobExceptions.StoreUnavailable}, so the server answers before the database is up.
 */
public record ApiPorts(
    JobScheduler scheduler,
    Jobs jobs,
    Executions executions,
    Ledgers ledgers,
    Queues queues,
    Breakers breakers,
    Tasks tasks,
    TargetRules rules,
    CalendarBook calendars,
    IdempotencyKeys idempotency,
    HealthSource health,
    Metrics metrics,
    InstantSource clock) {}
