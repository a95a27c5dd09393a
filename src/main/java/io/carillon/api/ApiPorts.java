package io.carillon.api;

import io.carillon.calendar.CalendarBook;
import io.carillon.events.EventFeed;
import io.carillon.execution.Breakers;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.Executions;
import io.carillon.execution.Followed;
import io.carillon.execution.Ledgers;
import io.carillon.execution.Redrives;
import io.carillon.execution.RunPorts;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.job.JobScheduler;
import io.carillon.job.Jobs;
import io.carillon.job.Queues;
import io.carillon.job.TargetRules;
import io.carillon.job.Tasks;
import io.carillon.metrics.Metrics;
import io.carillon.secret.SecretBook;
import java.time.InstantSource;

/**
 * What the API stands on. Every port may throw {@link
 * io.carillon.job.JobExceptions.StoreUnavailable}, so the server answers before the database is up.
 */
public record ApiPorts(
    JobScheduler scheduler,
    Jobs jobs,
    Executions executions,
    Followed.Reader followed,
    DeadLetters letters,
    Redrives redrives,
    RunPorts runs,
    Ledgers ledgers,
    Queues queues,
    Breakers breakers,
    Tasks tasks,
    SecretBook secrets,
    TargetRules rules,
    CalendarBook calendars,
    IdempotencyKeys idempotency,
    EventFeed events,
    HealthSource health,
    Metrics metrics,
    InstantSource clock) {}
